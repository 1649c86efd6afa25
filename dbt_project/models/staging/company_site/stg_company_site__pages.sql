{{ site_pages(source('lake', 'company_site__pages')) }}
