using System.Text.Json.Nodes;
using Xunit;

namespace GrainKube.Resources.Tests.Core.Namespaces;

public sealed class NamespaceStrategyTests
{
    [Fact]
    public void A_namespace_starts_active_and_guarded()
    {
        var (item, errors) = Written.Create("namespaces", """{"metadata":{"name":"n"}}""");
        Assert.Empty(errors);
        Assert.True(
            JsonNode.DeepEquals(
                JsonNode.Parse("""{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"n","labels":{"kubernetes.io/metadata.name":"n"}},"spec":{"finalizers":["kubernetes"]},"status":{"phase":"Active"}}"""),
                item),
            item.ToJsonString());
    }

    [Fact]
    public void Deleting_it_waits_for_its_finalizers()
    {
        var (item, _) = Written.Create("namespaces", """{"metadata":{"name":"n"}}""");
        Assert.True(Written.Definition("namespaces").Strategy.MustLinger(item));
        Assert.Equal("Terminating", item["status"]!["phase"]!.GetValue<string>());
        item["spec"]!["finalizers"] = new JsonArray();
        Assert.False(Written.Definition("namespaces").Strategy.MustLinger(item));
    }

    [Fact]
    public void An_update_leaves_the_finalizers_alone()
    {
        var (item, _) = Written.Create("namespaces", """{"metadata":{"name":"n"}}""");
        var (next, errors) = Written.Update("namespaces", item, n => n["spec"]!["finalizers"] = new JsonArray());
        Assert.Empty(errors);
        Assert.Equal("""["kubernetes"]""", next["spec"]!["finalizers"]!.ToJsonString());
    }
}
