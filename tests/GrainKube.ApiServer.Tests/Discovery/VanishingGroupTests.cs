using GrainKube.ApiMachinery.Definitions;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiServer.Discovery;
using GrainKube.ApiServer.OpenApi;
using GrainKube.ApiServer.Pipeline;
using GrainKube.Resources;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Xunit;

namespace GrainKube.ApiServer.Tests.Discovery;

/// <summary>A definition may be deleted between the moment a request is led to its path and the moment it is answered.</summary>
public sealed class VanishingGroupTests
{
    private const string Path = "/apis/apps/v1";
    private readonly ResourceRegistry registry = new(BuiltInResources.All.Where(d => d.Names.Group is "" or "apps"));

    [Fact]
    public async Task The_document_of_a_group_that_has_just_gone_is_not_found()
    {
        var endpoint = new DiscoveryEndpoint(new DiscoveryDocuments(registry), Options.Create(new ApiServerOptions()));
        Assert.True(endpoint.Serves(Path));
        Vanish();

        var gone = await Assert.ThrowsAsync<ApiException>(() => endpoint.GetAsync(new DefaultHttpContext(), Path));

        Assert.Equal(404, gone.Status.Code);
    }

    [Fact]
    public void The_schema_of_a_group_comes_with_its_hash_or_not_at_all()
    {
        var documents = new OpenApiDocuments(registry);
        var hash = documents.V3(Path[1..])!.Value.Hash;
        Assert.Contains($"{Path}?hash={hash}", System.Text.Encoding.UTF8.GetString(documents.Index), StringComparison.Ordinal);

        Vanish();

        Assert.Null(documents.V3(Path[1..]));
    }

    private void Vanish()
    {
        foreach (var definition in registry.All.Where(d => d.Names.Group == "apps"))
        {
            registry.Remove(definition.GroupResource);
        }
    }
}
