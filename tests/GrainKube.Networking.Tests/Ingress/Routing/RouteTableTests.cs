using GrainKube.Networking.Ingress.Status;
using k8s.Models;

namespace GrainKube.Networking.Tests.Ingress.Routing;

public sealed class RouteTableTests
{
    private readonly FakeWorld world = new FakeWorld().Service("a", 80, ["10.0.0.1"]).Service("b", 80, ["10.0.0.2"]).Service("c", 80, ["10.0.0.3"]);

    // The table of https://kubernetes.io/docs/concepts/services-networking/ingress/#examples
    [Theory]
    [InlineData("Prefix", "/", "/any/path", true)]
    [InlineData("Exact", "/foo", "/foo", true)]
    [InlineData("Exact", "/foo", "/bar", false)]
    [InlineData("Exact", "/foo", "/foo/", false)]
    [InlineData("Exact", "/foo/", "/foo", false)]
    [InlineData("Prefix", "/foo", "/foo", true)]
    [InlineData("Prefix", "/foo", "/foo/", true)]
    [InlineData("Prefix", "/foo/", "/foo", true)]
    [InlineData("Prefix", "/foo/", "/foo/", true)]
    [InlineData("Prefix", "/aaa/bb", "/aaa/bbb", false)]
    [InlineData("Prefix", "/aaa/bbb", "/aaa/bbb", true)]
    [InlineData("Prefix", "/aaa/bbb/", "/aaa/bbb", true)]
    [InlineData("Prefix", "/aaa/bbb", "/aaa/bbb/", true)]
    [InlineData("Prefix", "/aaa/bbb", "/aaa/bbb/ccc", true)]
    [InlineData("Prefix", "/aaa/bbb", "/aaa/bbbxyz", false)]
    [InlineData("Prefix", "/foo", "/FOO", false)]
    [InlineData("ImplementationSpecific", "", "/any", true)]
    public void Paths_match_by_their_type(string type, string rule, string path, bool matches)
    {
        world.Ingress(("", rule, type, "a"));

        Assert.Equal(matches, world.Routes.Find("any.example", path) is not null);
    }

    [Fact]
    public void The_longest_path_wins_and_an_exact_one_before_its_equal()
    {
        world.Ingress(("", "/", "Prefix", "a"), ("", "/aaa", "Prefix", "b"), ("", "/aaa", "Exact", "c"));

        Assert.Equal(["10.0.0.1", "10.0.0.3", "10.0.0.2"], [Serves("h", "/ccc"), Serves("h", "/aaa"), Serves("h", "/aaa/ccc")]);
    }

    [Theory]
    [InlineData("bar.foo.com", "10.0.0.2")]
    [InlineData("BAR.foo.com.", "10.0.0.2")]
    [InlineData("baz.foo.com", "10.0.0.1")]
    [InlineData("baz.bar.foo.com", "10.0.0.3")]
    [InlineData("foo.com", "10.0.0.3")]
    public void A_host_named_whole_wins_over_a_wildcard_and_that_over_all(string host, string address)
    {
        world.Ingress(("*.foo.com", "/", "Prefix", "a"), ("bar.foo.com", "/", "Prefix", "b"), ("", "/", "Prefix", "c"));

        Assert.Equal(address, Serves(host, "/"));
    }

    [Fact]
    public void The_older_of_two_that_want_the_same_has_it_and_both_share_the_host()
    {
        world.Ingress(("h.example", "/x", "Prefix", "a"));
        world.Ingress(("h.example", "/x", "Prefix", "b"), ("h.example", "/y", "Prefix", "c"));
        world.Ingresses.Reverse();

        Assert.Equal(["10.0.0.1", "10.0.0.3"], [Serves("h.example", "/x"), Serves("h.example", "/y")]);
    }

    [Fact]
    public void The_default_backend_takes_what_no_rule_takes()
    {
        world.Ingress(("h.example", "/x", "Exact", "a")).Spec.DefaultBackend = FakeWorld.To("b");
        world.Ingress().Spec.DefaultBackend = FakeWorld.To("c");

        Assert.Equal(["10.0.0.1", "10.0.0.2", "10.0.0.3"], [Serves("h.example", "/x"), Serves("h.example", "/z"), Serves("other.example", "/")]);
    }

    [Fact]
    public void Objects_of_other_classes_are_left_alone()
    {
        world.Ingress(("h.example", "/", "Prefix", "a")).Spec.IngressClassName = "foreign";
        world.Ingress(("h.example", "/", "Prefix", "a")).Spec.IngressClassName = null;
        var old = world.Ingress(("old.example", "/", "Prefix", "b"));
        (old.Spec.IngressClassName, old.Metadata.Annotations) = (null, new Dictionary<string, string> { ["kubernetes.io/ingress.class"] = "grainkube" });

        Assert.Null(world.Routes.Find("h.example", "/"));
        Assert.Equal("10.0.0.2", Serves("old.example", "/"));
    }

    [Fact]
    public void Ports_are_found_by_number_and_by_name()
    {
        world.Service("named", 8443, ["10.0.0.9"], targetPort: 9443, portName: "web", protocol: "kubernetes.io/h2c");
        world.Ingress(("n.example", "/", "Prefix", "named")).Spec.Rules[0].Http.Paths[0].Backend.Service.Port = new V1ServiceBackendPort { Name = "web" };
        world.Ingress(("w.example", "/", "Prefix", "named"));

        var found = world.Routes.Find("n.example", "/")!;
        Assert.Equal(("http://10.0.0.9:9443", true), (found.Next(), found.Http2));
        Assert.Null(world.Routes.Find("w.example", "/")!.Next());
    }

    [Fact]
    public void What_cannot_be_had_is_told()
    {
        var item = world.Ingress(("h.example", "/", "Prefix", "gone"), ("h.example", "/b", "Prefix", "b"));
        item.Spec.Rules[1].Http.Paths[0].Backend.Service.Port.Number = 81;
        item.Spec.DefaultBackend = new V1IngressBackend { Resource = new V1TypedLocalObjectReference { Kind = "Bucket", Name = "files" } };
        item.Spec.Tls = [new V1IngressTLS { SecretName = "none" }];

        Assert.Equal(["SecretNotFound", "ServiceNotFound", "ServicePortNotFound", "UnsupportedBackend"], IngressProblems.Of(item, world).Select(p => p.Reason).Order(StringComparer.Ordinal));
    }

    private string Serves(string host, string path) => new Uri(world.Routes.Find(host, path)!.Next()!).Host;
}
