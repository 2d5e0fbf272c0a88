using System.Diagnostics;
using System.Globalization;
using GrainKube.Objects.Embedded;
using GrainKube.Objects.Embedded.Sqlite;
using GrainKube.Objects.Store;
using Xunit;

namespace GrainKube.Objects.Tests.Embedded;

public sealed class EmbeddedStoreFailureTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();
    private readonly CancellationTokenSource timeout = new(TimeSpan.FromSeconds(120));

    private string Path => directory.File("store.db");

    public void Dispose()
    {
        timeout.Dispose();
        directory.Dispose();
    }

    [Fact]
    public async Task A_process_killed_while_it_writes_loses_nothing_that_it_acknowledged()
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, ArgumentList = { typeof(KilledWriter).Assembly.Location, Path } };
        var acknowledged = new List<string>();
        using (var process = Process.Start(start)!)
        {
            while (acknowledged.Count < 3000 && await process.StandardOutput.ReadLineAsync(timeout.Token) is { } line)
            {
                acknowledged.Add(line);
            }

            process.Kill();
            var rest = await process.StandardOutput.ReadToEndAsync(timeout.Token);
            acknowledged.AddRange(rest[..(rest.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries));
            await process.WaitForExitAsync(timeout.Token);
        }

        await using var store = new EmbeddedObjectStore(new() { Path = Path });
        var page = await store.ListAsync("/killed/", default, timeout.Token);
        var stored = page.Items.ToDictionary(item => item.Key, item => item.Revision);
        Assert.True(acknowledged.Count >= 3000);
        Assert.All(acknowledged, line => Assert.Equal(long.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture), stored[line.Split(' ')[0]]));
        Assert.All(stored.Where(item => !item.Key.EndsWith("/twin", StringComparison.Ordinal)), item => Assert.Equal(item.Value, stored[item.Key + "/twin"]));
        Assert.True((await store.CommitAsync(StoreTransaction.Create("/after", new byte[1]), timeout.Token)).Revision > stored.Values.Max());
    }

    [Fact]
    public async Task A_full_store_refuses_and_goes_on_when_there_is_room()
    {
        await using var store = new EmbeddedObjectStore(new() { Path = Path, SizeLimit = 2 << 20 });
        var revision = 0L;
        var failure = await Assert.ThrowsAsync<StoreException>(async () =>
        {
            while (true)
            {
                revision = (await store.CommitAsync(StoreTransaction.Update("/a", new byte[10_000], revision), timeout.Token)).Revision;
            }
        });
        Assert.Equal(StoreError.NoSpace, failure.Error);
        Assert.Contains(Path, failure.Message, StringComparison.Ordinal);
        Assert.Equal(revision, (await store.GetAsync("/a", timeout.Token))!.Revision);
        Assert.Equal(revision, await store.GetRevisionAsync(timeout.Token));

        await store.CompactAsync(revision, timeout.Token);
        var commit = await store.CommitAsync(StoreTransaction.Update("/a", new byte[10], revision), timeout.Token);
        Assert.Equal(revision + 1, commit.Revision);
    }

    [Fact]
    public async Task One_write_too_large_for_the_disk_does_not_take_its_neighbours_with_it()
    {
        await using var store = new EmbeddedObjectStore(new() { Path = Path, SizeLimit = 2 << 20 });
        var writes = Enumerable.Range(0, 40).Select(i => store.CommitAsync(StoreTransaction.Create($"/{i}", new byte[i == 20 ? 3 << 20 : 100]), timeout.Token)).ToList();
        Assert.Equal(StoreError.NoSpace, (await Assert.ThrowsAsync<StoreException>(() => writes[20])).Error);
        writes.RemoveAt(20);
        Assert.All(await Task.WhenAll(writes), commit => Assert.True(commit.Succeeded));
        Assert.Equal(39, (await store.ListAsync("/", default, timeout.Token)).Items.Count);
    }

    [Fact]
    public async Task Compaction_lets_the_file_stop_growing()
    {
        await using var store = new EmbeddedObjectStore(new() { Path = Path, SizeLimit = 4 << 20 });
        var revision = 0L;
        for (var i = 0; i < 2000; i++)
        {
            revision = (await store.CommitAsync(StoreTransaction.Update("/a", new byte[10_000], revision), timeout.Token)).Revision;
            if (i % 100 == 0)
            {
                await store.CompactAsync(revision, timeout.Token);
            }
        }

        Assert.Equal(revision, (await store.GetAsync("/a", timeout.Token))!.Revision);
    }

    [Fact]
    public async Task A_second_process_is_kept_out()
    {
        await using var store = new EmbeddedObjectStore(new() { Path = Path });
        var failure = Assert.Throws<StoreException>(() => new EmbeddedObjectStore(new() { Path = Path }));
        Assert.Equal(StoreError.Unavailable, failure.Error);
        Assert.Contains("another process", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_newer_format_is_refused_in_one_sentence()
    {
        await new EmbeddedObjectStore(new() { Path = Path }).DisposeAsync();
        using (var database = new SqliteDatabase(Path, create: false))
        {
            database.Execute("PRAGMA user_version = 99");
        }

        var failure = Assert.Throws<StoreException>(() => new EmbeddedObjectStore(new() { Path = Path }));
        Assert.Equal(StoreError.Unreadable, failure.Error);
        Assert.Contains("newer GrainKube (format 99", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', failure.Message);
    }

    [Fact]
    public async Task An_older_format_is_migrated()
    {
        await using (var store = new EmbeddedObjectStore(new() { Path = Path }))
        {
            await store.CommitAsync(StoreTransaction.Create("/a", "old"u8.ToArray()), timeout.Token);
        }

        var next = new StoreFormat([.. StoreFormat.Newest.Migrations, "ALTER TABLE log ADD COLUMN more TEXT;"]);
        await using (var store = new EmbeddedObjectStore(new() { Path = Path }, null, null, next))
        {
            Assert.Equal("old"u8.ToArray(), (await store.GetAsync("/a", timeout.Token))!.Value.ToArray());
        }

        Assert.Equal(StoreError.Unreadable, Assert.Throws<StoreException>(() => new EmbeddedObjectStore(new() { Path = Path })).Error);
    }

    [Fact]
    public async Task A_file_that_is_no_store_is_refused()
    {
        await File.WriteAllTextAsync(Path, new string('x', 10_000), timeout.Token);
        Assert.Equal(StoreError.Unreadable, Assert.Throws<StoreException>(() => new EmbeddedObjectStore(new() { Path = Path })).Error);
    }

    [Fact]
    public async Task A_closed_store_says_so()
    {
        var store = new EmbeddedObjectStore(new() { Ephemeral = true });
        var watching = Task.Run(async () =>
        {
            await foreach (var _ in store.WatchAsync("/", 1, timeout.Token))
            {
            }
        });
        await store.CommitAsync(StoreTransaction.Create("/a", new byte[1]), timeout.Token);
        await store.DisposeAsync();
        Assert.Equal(StoreError.Unavailable, (await Assert.ThrowsAsync<StoreException>(() => watching)).Error);
        Assert.Equal(StoreError.Unavailable, (await Assert.ThrowsAsync<StoreException>(async () => await store.GetAsync("/a", timeout.Token))).Error);
        Assert.Equal(StoreError.Unavailable, (await Assert.ThrowsAsync<StoreException>(async () => await store.CommitAsync(StoreTransaction.Create("/b", new byte[1]), timeout.Token))).Error);
    }

    [Fact]
    public async Task Only_its_user_may_read_the_file()
    {
        await using var store = new EmbeddedObjectStore(new() { Path = Path });
        foreach (var suffix in (string[])["", "-wal", ".lock"])
        {
            Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(Path + suffix) == (UnixFileMode.UserRead | UnixFileMode.UserWrite), suffix);
        }
    }
}
