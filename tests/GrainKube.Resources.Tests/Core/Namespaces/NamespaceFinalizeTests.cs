using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Definitions;
using GrainKube.ApiMachinery.Identity;
using Xunit;

namespace GrainKube.Resources.Tests.Core.Namespaces;

public sealed class NamespaceFinalizeTests
{
    [Theory]
    [InlineData("""{"spec":{"finalizers":[]}}""", """{"spec":{"finalizers":[]},"status":{"phase":"Terminating"}}""")]
    [InlineData("""{"spec":{},"status":{"phase":"Active"}}""", """{"spec":{},"status":{"phase":"Terminating"}}""")]
    public void Finalizing_changes_the_finalizers_alone(string body, string expected)
    {
        var item = JsonNode.Parse("""{"spec":{"finalizers":["kubernetes"]},"status":{"phase":"Terminating"}}""")!.AsObject();
        var finalize = BuiltInResources.All.Single(d => d.GroupResource.ToString() == "namespaces").Subresources.Single();
        finalize.Apply(item, JsonNode.Parse(body)!.AsObject(), new WriteScope(new UserInfo { Name = "c" }, "finalize", Sample.Now, DryRun: false));
        Assert.Equal(expected, item.ToJsonString());
    }
}
