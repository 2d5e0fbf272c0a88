using k8s.Models;
using Xunit;

namespace Websites.Tests;

public sealed class WebsitePlanTests
{
    [Fact]
    public void The_same_pages_are_the_same_template() =>
        Assert.Equal(Template(("a.html", "A"), ("b.html", "B")), Template(("b.html", "B"), ("a.html", "A")));

    [Fact]
    public void Other_pages_are_another_template() => Assert.NotEqual(Template(("a.html", "A")), Template(("a.html", "B")));

    [Fact]
    public void Without_a_host_there_is_no_ingress() => Assert.Null(WebsitePlan.Ingress(Site([])));

    private static string Template(params (string Name, string Content)[] pages) =>
        WebsitePlan.Deployment(Site(pages)).Spec.Template.Metadata.Annotations["samples.grainkube.io/pages"];

    private static Website Site((string Name, string Content)[] pages) => new()
    {
        Metadata = new V1ObjectMeta { Name = "home" },
        Spec = new WebsiteSpec { Pages = pages.ToDictionary(p => p.Name, p => p.Content) },
    };
}
