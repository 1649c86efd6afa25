-- How every company fits every profile, one row per pair.
{{ icp_matches(ref('int_companies'), ref('int_company_fields'), ref('int_company_technologies')) }}
