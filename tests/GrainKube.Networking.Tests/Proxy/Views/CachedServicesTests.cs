using System.Text.Json.Nodes;
using GrainKube.Networking.Proxy.Views;
using GrainKube.Networking.Tests.Addresses;

namespace GrainKube.Networking.Tests.Proxy.Views;

public sealed class CachedServicesTests(AddressWorld world) : IClassFixture<AddressWorld>
{
    [Fact]
    public async Task Ranges_are_those_of_all_service_cidrs_and_a_new_one_wakes()
    {
        var client = world.Client();
        using var view = new CachedServices(client.Cache, "node-1");
        await view.StartAsync(CancellationToken.None);
        Assert.Equal([AddressWorld.Range], view.Ranges);

        await client.CreateAsync(
            JsonNode.Parse("""{"apiVersion":"networking.k8s.io/v1","kind":"ServiceCIDR","metadata":{"name":"more"},"spec":{"cidrs":["10.51.0.0/24","fd00:51::/112"]}}""")!.AsObject(), CancellationToken.None);

        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (view.Ranges.Count == 1)
        {
            await view.WaitAsync(patience.Token); // the first may have been woken for, too
        }

        Assert.Equal([AddressWorld.Range, "10.51.0.0/24"], view.Ranges);
        Assert.Empty(view.TakeChanged());
    }
}
