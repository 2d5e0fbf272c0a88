using GrainKube.ApiMachinery.Errors;

namespace GrainKube.Networking.Tests.Addresses;

/// <summary>Two silos that take from one small range at once.</summary>
public sealed class AddressRaceTests(AddressWorld world) : IClassFixture<AddressWorld>
{
    private const int Size = 62;

    [Fact]
    public async Task Creates_on_two_silos_share_out_the_range_exactly_and_say_when_it_is_full()
    {
        var outcomes = await Task.WhenAll(Enumerable.Range(0, Size + 18).Select(i => Task.Run(() => TryAsync(i % 2))));
        var made = outcomes.Where(o => o.Service is not null).Select(o => o.Service!).ToList();
        Assert.Equal(Size, made.Select(AddressWorld.Ip).Distinct().Count());
        Assert.Equal(Size, made.Count);
        Assert.All(outcomes.Where(o => o.Refused is not null), o => Assert.Equal(
            (500, "Internal error occurred: failed to allocate a serviceIP: range is full"), (o.Refused!.Code, o.Refused.Message)));

        await Task.WhenAll(made.Select((service, i) => Task.Run(() => world.DeleteAsync(service, i % 2))));
        var left = await world.Store.ListAsync("/registry/networking.k8s.io/ipaddresses/", new() { KeysOnly = true }, CancellationToken.None);
        Assert.Empty(left.Items);
    }

    [Fact]
    public async Task Of_many_who_want_one_node_port_one_gets_it()
    {
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => Task.Run(() => TryAsync(i % 2, """{"type":"NodePort","ports":[{"port":1,"nodePort":30001}]}"""))));
        Assert.Single(outcomes, o => o.Service is not null);
        Assert.All(outcomes.Where(o => o.Refused is not null), o => Assert.Equal(422, o.Refused!.Code));
        await world.DeleteAsync(outcomes.Single(o => o.Service is not null).Service!);
    }

    private async Task<(System.Text.Json.Nodes.JsonObject? Service, Status? Refused)> TryAsync(int silo, string spec = "{}")
    {
        try
        {
            return (await world.CreateAsync(spec, silo), null);
        }
        catch (ApiException refused)
        {
            return (null, refused.Status);
        }
    }
}
