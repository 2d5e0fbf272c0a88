using System.Globalization;
using GrainKube.Objects.Reminders;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using Xunit;

namespace GrainKube.Testing.Stores;

/// <summary>What the reminder table must do on every store.</summary>
public abstract class ReminderTableConformance : StoreConformance
{
    private static readonly DateTime Start = new(2030, 1, 2, 3, 4, 5, DateTimeKind.Utc);

    private IReminderTable Table => field ??= new ServiceCollection().AddSingleton(Store).Configure<ClusterOptions>(options => options.ServiceId = Prefix)
        .AddObjectStoreReminderTable().BuildServiceProvider().GetRequiredService<IReminderTable>();

    [Fact]
    public async Task A_reminder_is_read_as_it_was_written()
    {
        var entry = Entry("slice/with a slash", "wake up/often");
        var etag = await Table.UpsertRow(entry, Cancel);
        var read = await Table.ReadRow(entry.GrainId, entry.ReminderName, Cancel);
        Assert.Equal((entry.GrainId, entry.ReminderName, Start, DateTimeKind.Utc, entry.Period, etag), (read!.GrainId, read.ReminderName, read.StartAt, read.StartAt.Kind, read.Period, read.ETag));
        Assert.Null(await Table.ReadRow(entry.GrainId, "other", Cancel));
    }

    [Fact]
    public async Task A_grain_has_its_own_reminders()
    {
        await Table.UpsertRow(Entry("a", "one"), Cancel);
        await Table.UpsertRow(Entry("a", "two"), Cancel);
        await Table.UpsertRow(Entry("ab", "one"), Cancel);
        Assert.Equal(["one", "two"], (await Table.ReadRows(Entry("a", "").GrainId, Cancel)).Reminders.Select(reminder => reminder.ReminderName));
    }

    [Fact]
    public async Task Writing_again_replaces_and_changes_the_etag()
    {
        var first = await Table.UpsertRow(Entry("a", "one"), Cancel);
        var longer = Entry("a", "one");
        longer.Period = TimeSpan.FromHours(1);
        Assert.NotEqual(first, await Table.UpsertRow(longer, Cancel));
        Assert.Equal(TimeSpan.FromHours(1), Assert.Single((await Table.ReadRows(longer.GrainId, Cancel)).Reminders).Period);
    }

    [Fact]
    public async Task Removing_needs_the_newest_etag()
    {
        var entry = Entry("a", "one");
        var old = await Table.UpsertRow(entry, Cancel);
        var newest = await Table.UpsertRow(entry, Cancel);
        Assert.False(await Table.RemoveRow(entry.GrainId, "one", old!, Cancel));
        Assert.True(await Table.RemoveRow(entry.GrainId, "one", newest!, Cancel));
        Assert.False(await Table.RemoveRow(entry.GrainId, "one", newest!, Cancel));
        Assert.Empty((await Table.ReadRows(entry.GrainId, Cancel)).Reminders);
    }

    [Fact]
    public async Task Ranges_of_the_ring_hold_their_grains_and_together_all()
    {
        var entries = Enumerable.Range(0, 60).Select(i => Entry(i.ToString(CultureInfo.InvariantCulture), "wake")).ToList();
        foreach (var entry in entries)
        {
            await Table.UpsertRow(entry, Cancel);
        }

        var exact = entries[17].GrainId.GetUniformHashCode(); // A bound that a grain sits on: it belongs to the range that ends there.
        foreach (var (begin, end) in ((uint, uint)[])[(0u, 0u), (0u, uint.MaxValue), (exact, uint.MaxValue), (0u, exact), (exact, exact - 1), (exact, exact), (0x80000000u, 0x10000000u)])
        {
            var expected = entries.Where(entry => InRange(entry.GrainId.GetUniformHashCode(), begin, end)).Select(entry => entry.GrainId.ToString()).Order();
            Assert.Equal(expected, (await Table.ReadRows(begin, end, Cancel)).Reminders.Select(reminder => reminder.GrainId.ToString()).Order());
        }
    }

    private static bool InRange(uint hash, uint begin, uint end) => begin < end ? hash > begin && hash <= end : hash > begin || hash <= end;

    private static ReminderEntry Entry(string grain, string name) =>
        new() { GrainId = GrainId.Create("slice", grain), ReminderName = name, StartAt = Start, Period = TimeSpan.FromMinutes(5) };
}
