module Lists
  class ListPage < Jekyll::Page
    def initialize(site, dir, title, items)
      @site, @base, @dir, @name = site, site.source, dir, 'index.html'
      process(@name)
      @data = {'layout' => 'list', 'title' => title, 'items' => items}
      @content = ''
    end
  end
  class Generator < Jekyll::Generator
    def generate(site)
      posts = site.posts.docs.sort_by { |p| p.date }.reverse
      hot = posts.first(700).sort_by { |p| -p.data['heat'] }.first(30)
      site.pages << ListPage.new(site, '', 'Front', hot)
      site.pages << ListPage.new(site, 'latest', 'Latest', posts.first(40))
      %w[topics providers days].each do |kind|
        groups = Hash.new { |h, k| h[k] = [] }
        posts.each { |p| p.data[kind].each { |name| groups[name] << p } }
        groups.each do |name, items|
          slug = Jekyll::Utils.slugify(name.to_s)
          items.each_slice(40).with_index(1) do |slice, number|
            dir = number == 1 ? "#{kind}/#{slug}" : "#{kind}/#{slug}/page/#{number}"
            site.pages << ListPage.new(site, dir, name.to_s, slice)
          end
        end
      end
    end
  end
end
