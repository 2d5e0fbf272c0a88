using GrainKube.Controllers.Statuses;
using GrainKube.Testing.Clusters;
using Xunit;

namespace GrainKube.Controllers.Tests.Statuses;

public sealed class ConditionsTests
{
    private static readonly DateTimeOffset Now = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void The_transition_time_moves_only_with_the_status()
    {
        var conditions = Of("""{"type":"Ready","status":"True","reason":"A","message":"a","lastTransitionTime":"2020-01-01T00:00:00Z"}""");

        conditions.Set("Ready", true, "B", "b", Now);
        Assert.Equal("2020-01-01T00:00:00Z", (string?)conditions["Ready"]!["lastTransitionTime"]);
        conditions.Set("Ready", null, "B", "b", Now);
        Assert.Equal(("Unknown", "2030-01-01T00:00:00Z"), ((string?)conditions["Ready"]!["status"], (string?)conditions["Ready"]!["lastTransitionTime"]));
    }

    [Fact]
    public void Members_of_other_writers_stay()
    {
        var conditions = Of("""{"type":"Ready","status":"True","lastHeartbeatTime":"2020-01-01T00:00:00Z","observedGeneration":4}""");

        conditions.Set("Ready", false, "Lost", "lost", Now);

        Assert.Equal("2020-01-01T00:00:00Z", (string?)conditions["Ready"]!["lastHeartbeatTime"]);
        Assert.Equal(4, (int?)conditions["Ready"]!["observedGeneration"]);
    }

    private static Conditions Of(string condition) => Conditions.Of(Sample.Object(
        "", "nodes", Sample.Parse($$"""{"apiVersion":"v1","kind":"Node","metadata":{"name":"n"},"status":{"conditions":[{{condition}}]} }""")));
}
