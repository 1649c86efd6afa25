-- Technologies that enrichment's confident answer lists for a company, by the one name of each: one row
-- per company and technology. A list that is too old says nothing of today.
{{ listed_technologies(ref('int_enriched_values')) }}
