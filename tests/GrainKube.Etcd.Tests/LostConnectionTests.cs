using System.Text;
using GrainKube.Objects.Store;
using GrainKube.Testing.Stores;
using Xunit;

namespace GrainKube.Etcd.Tests;

public sealed class LostConnectionTests(EtcdFixture etcd) : IClassFixture<EtcdFixture>, IDisposable
{
    private readonly CancellationTokenSource timeout = new(TimeSpan.FromSeconds(120));
    private readonly string prefix = $"/lost/{Guid.NewGuid():n}/";

    public void Dispose() => timeout.Dispose();

    [Fact]
    public async Task A_watch_cut_while_it_catches_up_misses_nothing_and_repeats_nothing()
    {
        await using var direct = etcd.NewStore();
        var start = await direct.GetRevisionAsync(timeout.Token);
        var value = new byte[500];
        var revisions = new List<long>();
        for (var i = 0; i < 50; i++)
        {
            var commits = await Task.WhenAll(Enumerable.Range(0, 100).Select(j => direct.CommitAsync(StoreTransaction.Create($"{prefix}{i}-{j}", value), timeout.Token)));
            revisions.AddRange(commits.Select(commit => commit.Revision));
        }

        await using var proxy = new CuttableProxy(etcd.Server.Port);
        await using var store = new EtcdObjectStore(new() { Endpoints = proxy.Endpoint });
        await store.GetRevisionAsync(timeout.Token);
        proxy.CutAfter(700_000);
        var seen = new List<long>();
        await foreach (var batch in store.WatchAsync(prefix, start, timeout.Token))
        {
            seen.AddRange(batch.Items.Select(change => change.Revision));
            if (proxy.Cuts is > 0 and < 3)
            {
                proxy.CutAfter(600_000);
            }

            if (seen.Count >= revisions.Count)
            {
                break;
            }
        }

        Assert.True(proxy.Cuts > 0);
        Assert.Equal(revisions.Order(), seen);
    }

    [Fact]
    public async Task A_commit_whose_answer_is_lost_is_found_out()
    {
        await using var proxy = new CuttableProxy(etcd.Server.Port);
        await using var store = new EtcdObjectStore(new() { Endpoints = proxy.Endpoint });
        var revision = 0L;
        for (var i = 0; i < 10; i++)
        {
            await store.GetRevisionAsync(timeout.Token); // The connection stands.
            proxy.DropNextAnswer();
            var value = Encoding.UTF8.GetBytes($"{i}");
            var commit = await store.CommitAsync(revision == 0 ? StoreTransaction.Create(prefix + "a", value) : StoreTransaction.Update(prefix + "a", value, revision), timeout.Token);
            Assert.True(commit.Succeeded);
            var stored = await store.GetAsync(prefix + "a", timeout.Token);
            Assert.Equal((commit.Revision, $"{i}"), (stored!.Revision, Encoding.UTF8.GetString(stored.Value.Span)));
            revision = commit.Revision;
        }

        Assert.Equal(10, proxy.Cuts);
        await store.GetRevisionAsync(timeout.Token);
        proxy.DropNextAnswer();
        Assert.True((await store.CommitAsync(StoreTransaction.Delete(prefix + "a", revision), timeout.Token)).Succeeded);
        Assert.Null(await store.GetAsync(prefix + "a", timeout.Token));
    }

    [Fact]
    public async Task A_conflict_whose_answer_is_lost_stays_a_conflict()
    {
        await using var proxy = new CuttableProxy(etcd.Server.Port);
        await using var store = new EtcdObjectStore(new() { Endpoints = proxy.Endpoint });
        var theirs = await store.CommitAsync(StoreTransaction.Create(prefix + "b", "theirs"u8.ToArray()), timeout.Token);
        proxy.DropNextAnswer();
        var ours = await store.CommitAsync(StoreTransaction.Create(prefix + "b", "ours"u8.ToArray()), timeout.Token);
        Assert.False(ours.Succeeded);
        Assert.Equal(theirs.Revision, Assert.Single(ours.Current)!.Revision);
    }

    [Fact]
    public async Task A_dead_server_is_a_clear_error_and_no_write()
    {
        await using var store = new EtcdObjectStore(new() { Endpoints = "http://127.0.0.1:1", RequestTimeout = TimeSpan.FromSeconds(2) });
        var failure = await Assert.ThrowsAsync<StoreException>(() => store.CommitAsync(StoreTransaction.Create(prefix + "c", new byte[1]), timeout.Token));
        Assert.Equal(StoreError.Unavailable, failure.Error);
        Assert.Contains("http://127.0.0.1:1", failure.Message, StringComparison.Ordinal);
        Assert.Equal(StoreError.Unavailable, (await Assert.ThrowsAsync<StoreException>(() => store.GetAsync(prefix + "c", timeout.Token))).Error);
    }

    [Fact]
    public async Task A_server_that_dies_later_leaves_the_outcome_known_or_says_so()
    {
        await using var server = await EtcdServer.StartAsync();
        await using var store = new EtcdObjectStore(new() { Endpoints = server.Endpoint, RequestTimeout = TimeSpan.FromSeconds(6) });
        await store.GetRevisionAsync(timeout.Token);
        await server.KillAsync();
        var failure = await Assert.ThrowsAsync<StoreException>(() => store.CommitAsync(StoreTransaction.Create(prefix + "d", new byte[1]), timeout.Token));
        Assert.Contains(failure.Error, (StoreError[])[StoreError.Unavailable, StoreError.OutcomeUnknown]);
        await server.StartProcessAsync();
        Assert.True((await store.CommitAsync(StoreTransaction.Create(prefix + "d", new byte[1]), timeout.Token)).Succeeded);
    }

    [Fact]
    public async Task The_next_endpoint_answers_when_the_first_is_dead()
    {
        await using var store = new EtcdObjectStore(new() { Endpoints = $"http://127.0.0.1:1, {etcd.Server.Endpoint}" });
        Assert.True((await store.CommitAsync(StoreTransaction.Create(prefix + "e", new byte[1]), timeout.Token)).Succeeded);
    }

    [Fact]
    public async Task A_full_server_refuses_and_writes_nothing()
    {
        await using var server = await EtcdServer.StartAsync("--quota-backend-bytes=4000000");
        await using var store = new EtcdObjectStore(new() { Endpoints = server.Endpoint });
        var written = 0;
        var failure = await Assert.ThrowsAsync<StoreException>(async () =>
        {
            for (; ; written++)
            {
                await store.CommitAsync(StoreTransaction.Create($"{prefix}{written}", new byte[500_000]), timeout.Token);
            }
        });
        Assert.True(failure.Error is StoreError.NoSpace, failure.ToString());
        Assert.Equal(written, (await store.ListAsync(prefix, new() { KeysOnly = true }, timeout.Token)).Items.Count);
    }

    [Fact]
    public async Task A_newer_format_is_refused()
    {
        await using var server = await EtcdServer.StartAsync();
        await using (var store = new EtcdObjectStore(new() { Endpoints = server.Endpoint }))
        {
            await store.CommitAsync(new([], [StoreWrite.Put(EtcdFormat.Key, """{"format":99}"""u8.ToArray())]), timeout.Token);
        }

        await using var again = new EtcdObjectStore(new() { Endpoints = server.Endpoint });
        Assert.Equal(StoreError.Unreadable, (await Assert.ThrowsAsync<StoreException>(() => again.GetRevisionAsync(timeout.Token))).Error);
    }
}
