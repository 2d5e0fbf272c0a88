using System.Text.Json.Nodes;
using GrainKube.Controllers.Deployments;
using GrainKube.Controllers.Statuses;
using GrainKube.Testing.Clusters;
using k8s.Models;
using Xunit;

namespace GrainKube.Controllers.Tests.Deployments;

public sealed class DeploymentStatusTests
{
    private static readonly DateTimeOffset Now = new(2030, 1, 1, 0, 10, 0, TimeSpan.Zero);

    [Fact]
    public void A_complete_rollout_is_available_and_says_so_by_name()
    {
        var (fields, wake) = Of(3, [], RolloutPlanTests.Set("web-1", 1, 3, 3));

        Assert.Equal(("True", "MinimumReplicasAvailable", "Deployment has minimum availability."), Condition(fields, "Available"));
        Assert.Equal(("True", "NewReplicaSetAvailable", "ReplicaSet \"web-1\" has successfully progressed."), Condition(fields, "Progressing"));
        Assert.Null(wake);
        Assert.Null(fields["unavailableReplicas"]);
    }

    [Fact]
    public void Progress_renews_the_deadline()
    {
        var (fields, wake) = Of(3, Progressing("ReplicaSetUpdated", Now.AddMinutes(-9)), RolloutPlanTests.Set("web-1", 1, 3, 1));

        Assert.Equal(("True", "ReplicaSetUpdated", "ReplicaSet \"web-1\" is progressing."), Condition(fields, "Progressing"));
        Assert.Equal(TimeSpan.FromSeconds(601), wake);
        Assert.Equal(2, (int)fields["unavailableReplicas"]!);
        Assert.Equal("MinimumReplicasUnavailable", Condition(fields, "Available").Reason);
    }

    [Fact]
    public void No_progress_within_the_deadline_is_told()
    {
        var (fields, wake) = Of(3, Progressing("ReplicaSetUpdated", Now.AddMinutes(-11)), RolloutPlanTests.Set("web-1", 1, 3, 0), """ "replicas":3,"updatedReplicas":3""");

        Assert.Equal(("False", "ProgressDeadlineExceeded", "ReplicaSet \"web-1\" has timed out progressing."), Condition(fields, "Progressing"));
        Assert.Null(wake);
    }

    [Fact]
    public void A_rollback_progresses_although_the_condition_speaks_of_the_last_success()
    {
        var (fields, _) = Of(3, Progressing("NewReplicaSetAvailable", Now.AddHours(-1)), RolloutPlanTests.Set("web-1", 1, 1, 1), """ "replicas":3,"readyReplicas":3""", RolloutPlanTests.Set("web-2", 2, 3, 3));

        Assert.Equal("ReplicaSetUpdated", Condition(fields, "Progressing").Reason);
    }

    [Fact]
    public void A_settled_deployment_that_loses_a_pod_is_not_rolling_out()
    {
        var (fields, wake) = Of(3, Progressing("NewReplicaSetAvailable", Now.AddHours(-1)), RolloutPlanTests.Set("web-1", 1, 3, 2), """ "replicas":3,"updatedReplicas":3,"readyReplicas":3,"availableReplicas":3""");

        Assert.Equal("NewReplicaSetAvailable", Condition(fields, "Progressing").Reason);
        Assert.Null(wake);
    }

    [Theory]
    [InlineData("25%", "25%", 4, 1, 1)]
    [InlineData("25%", "25%", 3, 1, 0)]
    [InlineData("0", "0", 3, 0, 1)]
    [InlineData("100%", "50%", 5, 5, 2)]
    public void Bounds_round_surge_up_and_unavailable_down(string surge, string unavailable, int replicas, int expectedSurge, int expectedUnavailable) =>
        Assert.Equal((expectedSurge, expectedUnavailable), IntOrPercent.Fenceposts(new V1RollingUpdateDeployment { MaxSurge = surge, MaxUnavailable = unavailable }, replicas));

    private static (JsonObject Fields, TimeSpan? Wake) Of(int replicas, JsonArray conditions, Replicas current, string status = "", params Replicas[] old)
    {
        var json = Sample.Deployment("web", replicas, spec: "\"progressDeadlineSeconds\":600");
        json["status"] = Sample.Parse($"{{ {status} }}");
        json["status"]!["conditions"] = conditions;
        var item = Sample.Object("apps", "deployments", json);
        return DeploymentStatus.Of(item, item.As<V1Deployment>(), current, old, Conditions.Of(item), Now);
    }

    private static JsonArray Progressing(string reason, DateTimeOffset updated) => new(Sample.Parse(
        $$"""{"type":"Progressing","status":"True","reason":"{{reason}}","message":"m","lastUpdateTime":"{{updated:yyyy-MM-dd'T'HH:mm:ss'Z'}}","lastTransitionTime":"2030-01-01T00:00:00Z"}"""));

    private static (string Status, string Reason, string Message) Condition(JsonObject fields, string type)
    {
        var found = fields["conditions"]!.AsArray().Single(c => (string?)c!["type"] == type)!;
        return ((string)found["status"]!, (string)found["reason"]!, (string)found["message"]!);
    }
}
