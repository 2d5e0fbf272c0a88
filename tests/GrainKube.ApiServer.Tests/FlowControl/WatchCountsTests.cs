using GrainKube.ApiServer.FlowControl;
using GrainKube.ApiServer.Requests;
using Xunit;

namespace GrainKube.ApiServer.Tests.FlowControl;

public sealed class WatchCountsTests
{
    private readonly WatchCounts counts = new();

    [Fact]
    public void A_write_concerns_the_watches_of_its_kind_its_namespace_and_its_object()
    {
        counts.Count(Of("configmaps"));
        counts.Count(Of("configmaps"));
        counts.Count(Of("configmaps", "web"));
        var own = counts.Count(Of("configmaps", "web", "a"));
        counts.Count(Of("secrets", "web", "a"));
        Assert.Equal(4, counts.Of(Of("configmaps", "web", "a")));
        Assert.Equal(3, counts.Of(Of("configmaps", "web", "b")));
        Assert.Equal(2, counts.Of(Of("configmaps", "other", "a")));
        Assert.Equal(0, counts.Of(Of("pods", "web", "a")));
        own!.Dispose();
        own.Dispose();
        Assert.Equal(3, counts.Of(Of("configmaps", "web", "a")));
    }

    [Fact]
    public void The_watches_of_nodes_for_their_pods_do_not_count()
    {
        Assert.Null(counts.Count(Of("pods") with { FieldSelector = "spec.nodeName=n1" }));
        counts.Count(Of("pods") with { FieldSelector = "spec.nodeName=" });
        counts.Count(Of("pods") with { FieldSelector = "spec.nodeName!=n1" });
        Assert.Equal(2, counts.Of(Of("pods", "web", "p")));
    }

    [Fact]
    public void Nobody_watches_for_tokens()
    {
        counts.Count(Of("serviceaccounts"));
        Assert.Equal(0, counts.Of(Of("serviceaccounts", "web", "default") with { Subresource = "token" }));
        Assert.Equal(1, counts.Of(Of("serviceaccounts", "web", "default")));
    }

    private static RequestInfo Of(string resource, string ns = "", string name = "") => new() { IsResourceRequest = true, Verb = "", Path = "", Resource = resource, Namespace = ns, Name = name };
}
