{{ decided_records('person', ref('int_person_keys')) }}
