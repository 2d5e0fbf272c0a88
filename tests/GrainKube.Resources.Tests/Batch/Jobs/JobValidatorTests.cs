using System.Text.Json.Nodes;
using Xunit;

namespace GrainKube.Resources.Tests.Batch.Jobs;

public sealed class JobValidatorTests
{
    [Theory]
    [InlineData("\"parallelism\":-1,\"backoffLimit\":-1", "spec.backoffLimit: Invalid value: -1: must be greater than or equal to 0", "spec.parallelism: Invalid value: -1: must be greater than or equal to 0")]
    [InlineData("\"completionMode\":\"Indexed\",\"parallelism\":1", "spec.completions: Required value: when completion mode is Indexed")]
    [InlineData("\"backoffLimitPerIndex\":1", "spec.backoffLimitPerIndex: Invalid value: 1: requires indexed completion mode")]
    [InlineData("\"managedBy\":\"a.b/c d\"", "spec.managedBy: Invalid value: \"c d\": Invalid path (regex used for validation is '[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+')")]
    [InlineData("\"managedBy\":\"me\"", "spec.managedBy: Invalid value: \"me\": must be a domain-prefixed path (such as \"acme.io/foo\")")]
    [InlineData(
        "\"podFailurePolicy\":{\"rules\":[{\"action\":\"FailIndex\",\"onExitCodes\":{\"operator\":\"In\",\"values\":[2,1],\"containerName\":\"z\"}},{\"action\":\"Ignore\"}]}",
        "spec.podFailurePolicy.rules[0].action: Invalid value: \"FailIndex\": requires the backoffLimitPerIndex to be set",
        "spec.podFailurePolicy.rules[0].onExitCodes.containerName: Invalid value: \"z\": must be one of the container or initContainer names in the pod template",
        "spec.podFailurePolicy.rules[0].onExitCodes.values: Invalid value: [2,1]: must be ordered",
        "spec.podFailurePolicy.rules[1]: Invalid value: specifying one of OnExitCodes and OnPodConditions is required")]
    [InlineData(
        "\"completionMode\":\"Indexed\",\"completions\":3,\"successPolicy\":{\"rules\":[{\"succeededIndexes\":\"0,2-1\"},{},{\"succeededCount\":4}]}",
        "spec.successPolicy.rules[0].succeededIndexes: Invalid value: \"0,2-1\": error parsing succeededIndexes: non-increasing order, previous: 2, current: 1",
        "spec.successPolicy.rules[1]: Required value: at least one of succeededCount or succeededIndexes must be specified",
        "spec.successPolicy.rules[2].succeededCount: Invalid value: 4: must be less than or equal to 3 (the number of specified completions)")]
    public void Everything_wrong_is_told_at_once(string spec, params string[] errors) => Assert.Equal(errors, Written.Create("jobs.batch", Job(spec)).Errors);

    [Fact]
    public void A_job_gets_the_selector_and_the_labels_of_its_uid()
    {
        var (job, errors) = Written.Create("jobs.batch", Job("\"parallelism\":1"));

        Assert.Empty(errors);
        Assert.Equal("""{"batch.kubernetes.io/controller-uid":"u1"}""", job["spec"]!["selector"]!["matchLabels"]!.ToJsonString());
        Assert.Equal(
            """{"batch.kubernetes.io/job-name":"j","job-name":"j","batch.kubernetes.io/controller-uid":"u1","controller-uid":"u1"}""",
            job["spec"]!["template"]!["metadata"]!["labels"]!.ToJsonString());
    }

    [Fact]
    public void A_manual_selector_must_match_the_template() => Assert.Equal(
        ["spec.template.metadata.labels: Invalid value: {}: `selector` does not match template `labels`"],
        Written.Create("jobs.batch", Job("\"manualSelector\":true,\"selector\":{\"matchLabels\":{\"a\":\"b\"}}")).Errors);

    [Fact]
    public void The_template_and_the_completions_never_change_but_parallelism_and_suspension_do()
    {
        var job = Written.Create("jobs.batch", Job("\"completions\":2")).Item;

        Assert.Empty(Written.Update("jobs.batch", job, j => (j["spec"]!["parallelism"], j["spec"]!["suspend"]) = (5, true)).Errors);
        var errors = Written.Update("jobs.batch", job, j =>
        {
            j["spec"]!["completions"] = 3;
            j["spec"]!["template"]!["spec"]!["nodeSelector"] = new JsonObject { ["a"] = "b" };
        }).Errors;
        Assert.Equal("spec.completions: Invalid value: 3: field is immutable", errors[0]);
        Assert.EndsWith("field is immutable", errors[1]);
    }

    [Fact]
    public void A_suspended_job_may_move_its_pods()
    {
        var job = Written.Create("jobs.batch", Job("\"suspend\":true")).Item;

        Assert.Empty(Written.Update("jobs.batch", job, j => j["spec"]!["template"]!["spec"]!["nodeSelector"] = new JsonObject { ["a"] = "b" }).Errors);
    }

    [Theory]
    [InlineData(true, 0)]
    [InlineData(false, 1)]
    public void Only_a_suspended_job_may_ask_for_other_resources(bool suspended, int errors)
    {
        var job = Written.Create("jobs.batch", Job(suspended ? "\"suspend\":true" : "\"suspend\":false")).Item;

        Action<JsonObject> ask = j => j["spec"]!["template"]!["spec"]!["containers"]![0]!["resources"] = JsonNode.Parse("""{"requests":{"cpu":"1"}}""");
        Assert.Equal(errors, Written.Update("jobs.batch", job, ask).Errors.Length);
    }

    [Fact]
    public void A_status_that_contradicts_itself_is_refused()
    {
        var job = Written.Create("jobs.batch", Job("\"completions\":2")).Item;

        var errors = Written.Update("jobs.batch", job, j => j["status"] = JsonNode.Parse("""
            {"active":1,"ready":2,"conditions":[{"type":"Complete","status":"True"}]}
            """), "status").Errors;

        Assert.Equal(
            [
                "status.active: Invalid value: 1: active>0 is invalid for finished job",
                "status.completionTime: Required value: completionTime is required for Complete jobs",
                "status.conditions: Invalid value: cannot set Complete=True condition without the SuccessCriteriaMet=true condition",
                "status.ready: Invalid value: 2: cannot set more ready pods than active",
                "status.startTime: Required value: startTime is required for finished job",
            ],
            errors);
    }

    private static string Job(string spec) => $$"""
        {"metadata":{"name":"j","uid":"u1"},"spec":{ {{spec}},"template":{"spec":{"restartPolicy":"Never","containers":[{"name":"c","image":"x"}]} } } }
        """;
}
