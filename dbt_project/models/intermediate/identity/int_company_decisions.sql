{{ decided_records('company', ref('int_company_keys')) }}
