using GrainKube.ApiMachinery.Objects;
using GrainKube.Reconciliation.Events;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace GrainKube.Reconciliation.Tests.Events;

public sealed class EventCorrelatorTests
{
    private static readonly ObjectKey Written = new("", "events", "n", "e");
    private readonly FakeTimeProvider time = new();
    private readonly EventCorrelator correlator;

    public EventCorrelatorTests() => correlator = new EventCorrelator(time);

    [Fact]
    public void Equal_events_count_up()
    {
        var first = correlator.Correlate(Event("Pulled", "same"));
        correlator.Remember(first, Written);

        var second = correlator.Correlate(Event("Pulled", "same"));

        Assert.Equal((false, null, 1), (first.Drop, first.Existing, first.Count));
        Assert.Equal((false, Written, 2), (second.Drop, second.Existing, second.Count));
    }

    [Fact]
    public void Another_object_reason_or_message_is_another_event()
    {
        correlator.Remember(correlator.Correlate(Event("Pulled", "same")), Written);

        Assert.Null(correlator.Correlate(Event("Pulled", "other")).Existing);
        Assert.Null(correlator.Correlate(Event("Pulling", "same")).Existing);
        Assert.Null(correlator.Correlate(Event("Pulled", "same", "b")).Existing);
    }

    [Fact]
    public void The_tenth_different_message_of_a_reason_is_combined()
    {
        for (var i = 1; i < 10; i++)
        {
            Assert.Equal($"m{i}", correlator.Correlate(Event("Failed", $"m{i}")).Message);
        }

        var tenth = correlator.Correlate(Event("Failed", "m10"));
        Assert.Equal("(combined from similar events): m10", tenth.Message);
        correlator.Remember(tenth, Written);
        Assert.Equal((Written, 2), (correlator.Correlate(Event("Failed", "m11")).Existing, correlator.Correlate(Event("Failed", "m12")).Count - 1));

        time.Advance(TimeSpan.FromMinutes(11));
        Assert.Equal("m13", correlator.Correlate(Event("Failed", "m13")).Message);
    }

    [Fact]
    public void One_object_gets_25_events_at_once_and_then_one_in_five_minutes()
    {
        var first = correlator.Correlate(Event("BackOff", "same"));
        correlator.Remember(first, Written);
        for (var i = 2; i <= 25; i++)
        {
            Assert.False(correlator.Correlate(Event("BackOff", "same")).Drop);
        }

        Assert.True(correlator.Correlate(Event("BackOff", "same")).Drop);
        Assert.False(correlator.Correlate(Event("BackOff", "same", "b")).Drop);
        time.Advance(TimeSpan.FromMinutes(5));
        var next = correlator.Correlate(Event("BackOff", "same"));
        Assert.Equal((false, 27), (next.Drop, next.Count));
        Assert.True(correlator.Correlate(Event("BackOff", "same")).Drop);
    }

    private PendingEvent Event(string reason, string message, string about = "a") => new(
        new ObjectHeader { ApiVersion = "v1", Kind = "Pod", Name = about, Namespace = "n", Uid = $"uid-{about}", Revision = 1 }, "Normal", reason, message, "", time.GetUtcNow());
}
