using System.Net;
using GrainKube.Hosting;
using GrainKube.Objects.Embedded;
using GrainKube.Objects.GrainStorage;
using GrainKube.Objects.Membership;
using GrainKube.Objects.Reminders;
using GrainKube.Objects.Store;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Xunit;

namespace GrainKube.Objects.Tests.Membership;

public sealed class TwoSilosTests
{
    [Fact]
    public async Task Silos_that_share_a_store_find_each_other_and_keep_states_and_reminders_in_it()
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(120));
        await using var store = new EmbeddedObjectStore(new() { Ephemeral = true });
        using var first = Silo("first", store);
        using var second = Silo("second", store);
        await first.StartAsync(timeout.Token);
        await second.StartAsync(timeout.Token);
        await Task.WhenAll(ActiveAsync(first, 2, timeout.Token), ActiveAsync(second, 2, timeout.Token));

        await first.Services.GetRequiredService<IGrainFactory>().GetGrain<INoteGrain>("a").WriteAsync("kept");
        var rows = (await store.ListAsync("/grainkube/reminders/", default, timeout.Token)).Items;
        Assert.Contains("note/a", System.Text.Encoding.UTF8.GetString(Assert.Single(rows).Value.Span), StringComparison.Ordinal);

        await first.StopAsync(timeout.Token);
        await ActiveAsync(second, 1, timeout.Token);
        Assert.Equal("kept", await second.Services.GetRequiredService<IGrainFactory>().GetGrain<INoteGrain>("a").ReadAsync());
        await second.StopAsync(timeout.Token);
    }

    private static IHost Silo(string name, IObjectStore store)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.AddSingleton(store); // An instance: not disposed with the host.
        builder.UseOrleans(silo => silo
            .Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = ("test", "test"))
            .Configure<SiloOptions>(options => options.SiloName = name)
            .ConfigureEndpoints(IPAddress.Loopback, LoopbackPorts.Next(), 0)
            .UseObjectStoreClustering()
            .UseObjectStoreReminders()
            .AddObjectStoreGrainStorage("notes"));
        return builder.Build();
    }

    private static async Task ActiveAsync(IHost silo, int count, CancellationToken cancel)
    {
        var management = silo.Services.GetRequiredService<IGrainFactory>().GetGrain<IManagementGrain>(0);
        while ((await management.GetHosts(onlyActive: true)).Count != count)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, cancel);
        }
    }
}
