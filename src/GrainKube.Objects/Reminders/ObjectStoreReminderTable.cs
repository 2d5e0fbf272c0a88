using System.Globalization;
using System.Text.Json;
using GrainKube.Objects.Store;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace GrainKube.Objects.Reminders;

/// <summary>Orleans' reminders in the store: <c>/grainkube/reminders/{service}/{hash of the grain}/{grain}/{name}</c>, so that a silo's part of the ring is a range of keys.</summary>
internal sealed class ObjectStoreReminderTable(IObjectStore store, IOptions<ClusterOptions> cluster) : IReminderTable
{
    private readonly string root = $"{StoreKeys.Root}reminders/{StoreKeys.Part(cluster.Value.ServiceId)}/";

    public Task Init() => Task.CompletedTask;

    public Task<ReminderTableData> ReadRows(GrainId grainId) => ReadRows(grainId, CancellationToken.None);

    public Task<ReminderTableData> ReadRows(uint begin, uint end) => ReadRows(begin, end, CancellationToken.None);

    public Task<ReminderEntry?> ReadRow(GrainId grainId, string reminderName) => ReadRow(grainId, reminderName, CancellationToken.None);

    public Task<string?> UpsertRow(ReminderEntry entry) => UpsertRow(entry, CancellationToken.None);

    public Task<bool> RemoveRow(GrainId grainId, string reminderName, string eTag) => RemoveRow(grainId, reminderName, eTag, CancellationToken.None);

    public Task TestOnlyClearTable() => TestOnlyClearTable(CancellationToken.None);

    public async Task<ReminderTableData> ReadRows(GrainId grainId, CancellationToken cancellationToken)
    {
        var rows = new List<ReminderEntry>();
        await foreach (var value in store.ListAllAsync(GrainKey(grainId), after: null, cancellationToken))
        {
            rows.Add(Read(value));
        }

        return new ReminderTableData(rows);
    }

    /// <summary>Reminders of grains whose hash is in (begin, end], around the ring where end is not after begin.</summary>
    public async Task<ReminderTableData> ReadRows(uint begin, uint end, CancellationToken cancellationToken)
    {
        var rows = new List<ReminderEntry>();
        if (begin < end)
        {
            await ReadRangeAsync(After(begin), end, rows, cancellationToken);
        }
        else
        {
            await ReadRangeAsync(After(begin), uint.MaxValue, rows, cancellationToken);
            await ReadRangeAsync(null, end, rows, cancellationToken);
        }

        return new ReminderTableData(rows);
    }

    public async Task<ReminderEntry?> ReadRow(GrainId grainId, string reminderName, CancellationToken cancellationToken) =>
        await store.GetAsync(Key(grainId, reminderName), cancellationToken) is { } value ? Read(value) : null;

    public async Task<string?> UpsertRow(ReminderEntry entry, CancellationToken cancellationToken)
    {
        var row = JsonSerializer.SerializeToUtf8Bytes(new ReminderRow(entry.GrainId.ToString(), entry.ReminderName, entry.StartAt, entry.Period), ReminderJson.Default.ReminderRow);
        var commit = await store.CommitAsync(new([], [StoreWrite.Put(Key(entry.GrainId, entry.ReminderName), row)]), cancellationToken);
        return entry.ETag = StoreETag.Of(commit.Revision);
    }

    public async Task<bool> RemoveRow(GrainId grainId, string reminderName, string eTag, CancellationToken cancellationToken) =>
        (await store.CommitAsync(StoreTransaction.Delete(Key(grainId, reminderName), StoreETag.Revision(eTag)), cancellationToken)).Succeeded;

    public Task TestOnlyClearTable(CancellationToken cancellationToken) => store.DeleteAllAsync(root, cancellationToken);

    private static ReminderEntry Read(StoreValue value)
    {
        var row = JsonSerializer.Deserialize(value.Value.Span, ReminderJson.Default.ReminderRow)!;
        return new ReminderEntry
        {
            GrainId = GrainId.Parse(row.Grain, CultureInfo.InvariantCulture),
            ReminderName = row.Name,
            StartAt = row.Start,
            Period = row.Period,
            ETag = StoreETag.Of(value.Revision),
        };
    }

    private async Task ReadRangeAsync(string? after, uint last, List<ReminderEntry> rows, CancellationToken cancel)
    {
        var end = After(last);
        await foreach (var value in store.ListAllAsync(root, after, cancel))
        {
            if (string.CompareOrdinal(value.Key, end) > 0)
            {
                return;
            }

            rows.Add(Read(value));
        }
    }

    private string GrainKey(GrainId grain) => string.Create(CultureInfo.InvariantCulture, $"{root}{grain.GetUniformHashCode():x8}/{StoreKeys.Part(grain.ToString())}/");

    private string Key(GrainId grain, string name) => GrainKey(grain) + StoreKeys.Part(name);

    /// <summary>Sorts after every key of a hash and before those of the next: '0' follows '/'.</summary>
    private string After(uint hash) => string.Create(CultureInfo.InvariantCulture, $"{root}{hash:x8}0");
}
