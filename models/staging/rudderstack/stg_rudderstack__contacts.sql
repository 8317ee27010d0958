{{ config(enabled='rudderstack' in var('sources')) }}

{{ segment_contacts('rudderstack') }}
