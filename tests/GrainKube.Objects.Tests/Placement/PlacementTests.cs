using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Identity;
using GrainKube.Objects.Cache;
using GrainKube.Objects.Tests.World;
using GrainKube.Objects.Writes;
using Xunit;

namespace GrainKube.Objects.Tests.Placement;

public sealed class PlacementTests(TwoSilos world) : IClassFixture<TwoSilos>
{
    private static readonly UserInfo User = new() { Name = "tester" };

    [Fact]
    public async Task A_write_through_one_silo_is_read_consistently_on_the_other()
    {
        for (var i = 0; i < 20; i++)
        {
            var key = ObjectWorld.Note($"across-{i}");
            var body = System.Text.Encoding.UTF8.GetBytes($$"""{"metadata":{"name":"{{key.Name}}"} }""");
            await world.Grain(key, i % 2).WriteAsync(new WriteRequest { Verb = WriteVerb.Create, User = User, Body = body });
            var other = world.Service<WatchCache>(1 - (i % 2));
            await other.WaitUntilCurrentAsync(CancellationToken.None);
            Assert.NotNull(other.Get(key));
        }
    }

    [Fact]
    public async Task An_object_lives_where_it_was_first_called_from()
    {
        for (var silo = 0; silo < 2; silo++)
        {
            var key = ObjectWorld.Note($"local-{silo}");
            var body = System.Text.Encoding.UTF8.GetBytes($$"""{"metadata":{"name":"{{key.Name}}"} }""");
            await world.Grain(key, silo).WriteAsync(new WriteRequest { Verb = WriteVerb.Create, User = User, Body = body });
            var host = await world.Service<IGrainFactory>().GetGrain<IManagementGrain>(0).GetActivationAddress(world.Grain(key));
            Assert.Equal(world.AddressOf(silo), host);
        }
    }

    [Fact]
    public async Task A_grain_of_a_node_lives_on_the_silo_of_that_name()
    {
        foreach (var silo in (int[])[0, 1])
        {
            var name = world.NameOf(silo);
            Assert.Equal(name, await world.Service<IGrainFactory>(1 - silo).GetGrain<INodeProbe>(name).WhereAsync());
        }
    }

    [Fact]
    public async Task A_grain_of_an_absent_node_is_refused_with_503()
    {
        var refused = await Assert.ThrowsAsync<ApiException>(() => world.Service<IGrainFactory>().GetGrain<INodeProbe>("nowhere").WhereAsync());
        Assert.Equal((503, "node \"nowhere\" is not part of the cluster at this moment"), (refused.Status.Code, refused.Status.Message));
    }
}
