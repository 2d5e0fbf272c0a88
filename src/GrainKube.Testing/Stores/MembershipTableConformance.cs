using System.Net;
using GrainKube.Objects.Membership;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using Xunit;

namespace GrainKube.Testing.Stores;

/// <summary>What the membership table must do on every store.</summary>
public abstract class MembershipTableConformance : StoreConformance
{
    private static readonly DateTime Start = new(2030, 1, 2, 3, 4, 5, DateTimeKind.Utc);

    private IMembershipTable Table => field ??= new ServiceCollection().AddSingleton(Store).Configure<ClusterOptions>(options => options.ClusterId = Prefix)
        .AddObjectStoreMembershipTable().BuildServiceProvider().GetRequiredService<IMembershipTable>();

    [Fact]
    public async Task A_silo_is_read_as_it_was_written()
    {
        var entry = Entry(1);
        entry.SuspectTimes = [Tuple.Create(Silo(2), Start.AddSeconds(9))];
        Assert.True(await Table.InsertRowAsync(entry, (await StartAsync()).Next(), Cancel));
        var all = await Table.ReadAllAsync(Cancel);
        var read = Assert.Single(all.Members).Item1;
        Assert.Equal(1, all.Version.Version);
        Assert.Equal(
            (entry.SiloAddress, entry.SiloName, entry.HostName, entry.Status, entry.ProxyPort, entry.StartTime, entry.IAmAliveTime),
            (read.SiloAddress, read.SiloName, read.HostName, read.Status, read.ProxyPort, read.StartTime, read.IAmAliveTime));
        Assert.Equal(entry.SuspectTimes, read.SuspectTimes);
        Assert.Equal(entry.SiloAddress, Assert.Single((await Table.ReadRowAsync(entry.SiloAddress, Cancel)).Members).Item1.SiloAddress);
        Assert.Empty((await Table.ReadRowAsync(Silo(3), Cancel)).Members);
    }

    [Fact]
    public async Task A_silo_is_inserted_once_and_on_the_newest_version_only()
    {
        var version = (await StartAsync()).Next();
        Assert.True(await Table.InsertRowAsync(Entry(1), version, Cancel));
        Assert.False(await Table.InsertRowAsync(Entry(2), version, Cancel));
        Assert.False(await Table.InsertRowAsync(Entry(1), (await Table.ReadAllAsync(Cancel)).Version.Next(), Cancel));
        Assert.True(await Table.InsertRowAsync(Entry(2), (await Table.ReadAllAsync(Cancel)).Version.Next(), Cancel));
        Assert.Equal((2, 2), ((await Table.ReadAllAsync(Cancel)).Members.Count, (await Table.ReadAllAsync(Cancel)).Version.Version));
    }

    [Fact]
    public async Task A_row_changes_with_its_etag_and_the_newest_version_only()
    {
        await Table.InsertRowAsync(Entry(1), (await StartAsync()).Next(), Cancel);
        var before = await Table.ReadAllAsync(Cancel);
        var (entry, etag) = before.Members[0];
        entry.Status = SiloStatus.Dead;
        Assert.True(await Table.UpdateRowAsync(entry, etag, before.Version.Next(), Cancel));
        var after = await Table.ReadAllAsync(Cancel);
        Assert.Equal((SiloStatus.Dead, 2), (after.Members[0].Item1.Status, after.Version.Version));
        Assert.False(await Table.UpdateRowAsync(entry, etag, after.Version.Next(), Cancel));
        Assert.False(await Table.UpdateRowAsync(entry, after.Members[0].Item2, before.Version.Next(), Cancel));
    }

    [Fact]
    public async Task A_sign_of_life_disturbs_no_other_change()
    {
        await Table.InsertRowAsync(Entry(1), (await StartAsync()).Next(), Cancel);
        var before = await Table.ReadAllAsync(Cancel);
        var alive = Entry(1);
        alive.IAmAliveTime = Start.AddMinutes(1);
        await Table.UpdateIAmAliveAsync(alive, Cancel);
        var (entry, etag) = before.Members[0];
        Assert.Equal(Start.AddMinutes(1), (await Table.ReadAllAsync(Cancel)).Members[0].Item1.IAmAliveTime);
        Assert.True(await Table.UpdateRowAsync(entry, etag, before.Version.Next(), Cancel));
        Assert.Equal(Start.AddMinutes(1), (await Table.ReadAllAsync(Cancel)).Members[0].Item1.IAmAliveTime);
    }

    [Fact]
    public async Task Silos_dead_for_long_are_cleaned_away()
    {
        await StartAsync();
        foreach (var (port, status) in ((int, SiloStatus)[])[(1, SiloStatus.Dead), (2, SiloStatus.Active), (3, SiloStatus.Dead)])
        {
            var entry = Entry(port);
            entry.Status = status;
            entry.IAmAliveTime = Start.AddHours(port);
            Assert.True(await Table.InsertRowAsync(entry, (await Table.ReadAllAsync(Cancel)).Version.Next(), Cancel));
        }

        await Table.CleanupDefunctSiloEntriesAsync(new(Start.AddHours(2.5)), Cancel);
        Assert.Equal([Silo(2), Silo(3)], (await Table.ReadAllAsync(Cancel)).Members.Select(member => member.Item1.SiloAddress).Order());
        await Table.DeleteMembershipTableEntriesAsync(Prefix, Cancel);
        Assert.Empty((await Table.ReadAllAsync(Cancel)).Members);
    }

    [Fact]
    public async Task Of_many_silos_that_join_at_once_all_get_in_one_after_another()
    {
        await StartAsync();
        await Task.WhenAll(Enumerable.Range(1, 8).Select(async port =>
        {
            while (!await Table.InsertRowAsync(Entry(port), (await Table.ReadAllAsync(Cancel)).Version.Next(), Cancel))
            {
                Cancel.ThrowIfCancellationRequested();
            }
        }));
        var all = await Table.ReadAllAsync(Cancel);
        Assert.Equal((8, 8), (all.Members.Count, all.Version.Version));
    }

    private async Task<TableVersion> StartAsync()
    {
        await Table.InitializeMembershipTableAsync(true, Cancel);
        await Table.InitializeMembershipTableAsync(true, Cancel);
        return (await Table.ReadAllAsync(Cancel)).Version;
    }

    private static SiloAddress Silo(int port) => SiloAddress.New(IPAddress.Loopback, port, 7);

    private static MembershipEntry Entry(int port) => new()
    {
        SiloAddress = Silo(port), SiloName = $"node-{port}", HostName = "host", Status = SiloStatus.Active, ProxyPort = 30000 + port, StartTime = Start, IAmAliveTime = Start, SuspectTimes = [],
    };
}
