using GrainKube.ApiMachinery.Definitions;
using GrainKube.ApiServer.OpenApi;
using GrainKube.Resources;
using Xunit;

namespace GrainKube.ApiServer.Tests.Discovery;

/// <summary>A definition may be deleted between the moment a request is led to its path and the moment it is answered.</summary>
public sealed class VanishingGroupTests
{
    [Fact]
    public void The_schema_of_a_group_comes_with_its_hash_or_not_at_all()
    {
        var registry = new ResourceRegistry(BuiltInResources.All.Where(d => d.Names.Group is "" or "apps"));
        var documents = new OpenApiDocuments(registry);
        Assert.Matches("^[0-9A-F]{128}$", documents.V3("apis/apps/v1")!.Value.Hash);

        foreach (var definition in registry.All.Where(d => d.Names.Group == "apps"))
        {
            registry.Remove(definition.GroupResource);
        }

        Assert.Null(documents.V3("apis/apps/v1"));
    }
}
