using System.Text.Json.Nodes;
using GrainKube.Kubelet.Plans;
using GrainKube.Kubelet.PodStatus;
using GrainKube.Kubelet.Runtime;
using static GrainKube.Kubelet.Tests.Plans.PodPlannerTests;

namespace GrainKube.Kubelet.Tests.PodStatus;

public sealed class PodStatusBuilderTests
{
    private const string Two = """{"containers":[{"name":"a","image":"img"},{"name":"b","image":"img"}]}""";

    private static readonly SandboxState Sandbox = new("s0", "u", "default", "web", 0, Running: true, "10.0.0.2", Now);

    [Fact]
    public void Before_anything_runs_the_pod_is_pending_and_containers_are_being_created()
    {
        var status = Build(Situation(Two));
        Assert.Equal("Pending", Phase(status));
        Assert.Equal("""{"waiting":{"reason":"ContainerCreating"}}""", status["containerStatuses"]![0]!["state"]!.ToJsonString());
        Assert.Equal(("False", "ContainersNotReady", "containers with unready status: [a b]"), Condition(status, "Ready"));
        Assert.Equal(("True", "", ""), Condition(status, "PodScheduled"));
        Assert.Equal(("False", "", ""), Condition(status, "PodReadyToStartContainers"));
        Assert.Equal("BestEffort", status["qosClass"]!.GetValue<string>());
    }

    [Fact]
    public void With_init_containers_the_others_wait_for_initialization()
    {
        var status = Build(Situation("""{"initContainers":[{"name":"i"},{"name":"j"}],"containers":[{"name":"a"}]}""", Sandbox, Ended("i", 0)));
        Assert.Equal("PodInitializing", status["containerStatuses"]![0]!["state"]!["waiting"]!["reason"]!.GetValue<string>());
        Assert.Equal("PodInitializing", status["initContainerStatuses"]![1]!["state"]!["waiting"]!["reason"]!.GetValue<string>());
        Assert.Equal(("False", "ContainersNotInitialized", "containers with incomplete status: [j]"), Condition(status, "Initialized"));
        Assert.True(status["initContainerStatuses"]![0]!["ready"]!.GetValue<bool>());
        Assert.Equal("Pending", Phase(status));
    }

    [Fact]
    public void A_running_pod_is_ready_where_its_containers_are()
    {
        var status = Build(Situation(Two, Sandbox, Running("a"), Running("b")));
        Assert.Equal("Running", Phase(status));
        Assert.Equal(("True", "", ""), Condition(status, "Ready"));
        Assert.Equal("docker://id-a-0", status["containerStatuses"]![0]!["containerID"]!.GetValue<string>());
        Assert.Equal(("10.0.0.2", "192.0.2.1"), (status["podIP"]!.GetValue<string>(), status["hostIPs"]![0]!["ip"]!.GetValue<string>()));
    }

    [Fact]
    public void A_container_that_is_not_ready_makes_the_pod_not_ready()
    {
        var status = Build(Situation(Two, Sandbox, Running("a"), Running("b")) with
        {
            Health = new Dictionary<string, ContainerHealth> { ["id-b-0"] = new(Started: true, Ready: false) },
        });
        Assert.Equal(("False", "ContainersNotReady", "containers with unready status: [b]"), Condition(status, "ContainersReady"));
        Assert.True(status["containerStatuses"]![1]!["started"]!.GetValue<bool>());
    }

    [Fact]
    public void Readiness_gates_are_named()
    {
        var situation = Situation("""{"readinessGates":[{"conditionType":"x/y"}],"containers":[{"name":"a"}]}""", Sandbox, Running("a"));
        Assert.Equal(
            ("False", "ReadinessGatesNotReady", "corresponding condition of pod readiness gate \"x/y\" does not exist."), Condition(Build(situation), "Ready"));
        var no = Build(situation, """{"conditions":[{"type":"x/y","status":"False"}]}""");
        Assert.Equal(("False", "ReadinessGatesNotReady", "the status of pod readiness gate \"x/y\" is not \"True\", but False"), Condition(no, "Ready"));
        var yes = Build(situation, """{"conditions":[{"type":"x/y","status":"True"}]}""");
        Assert.Equal("True", Condition(yes, "Ready").Status);
        Assert.Contains(yes["conditions"]!.AsArray(), c => c!["type"]!.GetValue<string>() == "x/y");
    }

    [Theory]
    [InlineData("Always", 0, 0, "Running")]
    [InlineData("OnFailure", 0, 0, "Succeeded")]
    [InlineData("OnFailure", 0, 1, "Running")]
    [InlineData("Never", 0, 0, "Succeeded")]
    [InlineData("Never", 0, 1, "Failed")]
    public void The_phase_of_ended_containers_depends_on_the_policy(string policy, int first, int second, string phase) => Assert.Equal(
        phase, Phase(Build(Situation($$"""{"restartPolicy":"{{policy}}","containers":[{"name":"a"},{"name":"b"}]}""", Sandbox, Ended("a", first), Ended("b", second)))));

    [Theory]
    [InlineData("""{"restartPolicy":"Never","containers":[{"name":"a","restartPolicyRules":[{"action":"Restart","exitCodes":{"operator":"In","values":[42]}}]}]}""", 42, "Running")]
    [InlineData("""{"restartPolicy":"Never","containers":[{"name":"a","restartPolicyRules":[{"action":"Restart","exitCodes":{"operator":"In","values":[42]}}]}]}""", 1, "Failed")]
    [InlineData("""{"restartPolicy":"Always","containers":[{"name":"a","restartPolicy":"Never"}]}""", 1, "Failed")]
    [InlineData("""{"restartPolicy":"Never","containers":[{"name":"a","restartPolicy":"OnFailure"}]}""", 1, "Running")]
    public void A_container_that_runs_again_by_its_own_rules_keeps_the_pod_running(string pod, int code, string phase) =>
        Assert.Equal(phase, Phase(Build(Situation(pod, Sandbox, Ended("a", code, level: 1)))));

    [Theory]
    [InlineData(false, "Running")]
    [InlineData(true, "Succeeded")]
    public void A_pod_is_through_when_its_sidecars_have_ended_too(bool ended, string phase)
    {
        const string pod = """{"restartPolicy":"Never","initContainers":[{"name":"s","restartPolicy":"Always"}],"containers":[{"name":"a"}]}""";
        Assert.Equal(phase, Phase(Build(Situation(pod, Sandbox, ended ? Ended("s", 137) : Running("s"), Ended("a", 0)), ended: ended)));
    }

    [Fact]
    public void An_init_container_that_runs_again_by_its_own_rules_has_not_failed_the_pod() => Assert.Equal("Pending", Phase(Build(Situation(
        """{"restartPolicy":"Never","initContainers":[{"name":"i","restartPolicy":"OnFailure"}],"containers":[{"name":"a"}]}""", Sandbox, Ended("i", 1, level: 1)))));

    [Theory]
    [InlineData(0, "Succeeded", "PodCompleted")]
    [InlineData(143, "Failed", "PodFailed")]
    public void An_ended_pod_has_a_final_phase(int code, string phase, string reason)
    {
        var situation = Situation("""{"containers":[{"name":"a"}]}""", Sandbox, Ended("a", code));
        var status = Build(situation, ended: true);
        Assert.Equal(phase, Phase(status));
        Assert.Equal(("False", reason, ""), Condition(status, "Ready"));
        Assert.Equal("False", Condition(status, "PodReadyToStartContainers").Status);
        Assert.Equal(phase, Phase(Build(Situation("""{"containers":[{"name":"a"}]}"""), status.ToJsonString())));
    }

    [Theory]
    [InlineData(0, false, "Completed")]
    [InlineData(1, false, "Error")]
    [InlineData(137, true, "OOMKilled")]
    public void Ends_have_reasons(int code, bool oom, string reason)
    {
        var status = Build(Situation("""{"restartPolicy":"Never","containers":[{"name":"a"},{"name":"b"}]}""", Sandbox, Ended("a", code) with { OomKilled = oom }, Running("b")));
        var terminated = status["containerStatuses"]![0]!["state"]!["terminated"]!;
        Assert.Equal((code, reason), (terminated["exitCode"]!.GetValue<int>(), terminated["reason"]!.GetValue<string>()));
        Assert.Equal("2030-01-01T00:00:00Z", terminated["finishedAt"]!.GetValue<string>());
    }

    [Fact]
    public void What_could_not_start_is_a_start_error()
    {
        var dead = Running("a") with { Phase = ContainerPhase.Created, StartedAt = null, Error = "no such file" };
        var status = Build(Situation("""{"restartPolicy":"Never","containers":[{"name":"a"}]}""", Sandbox, dead));
        var terminated = status["containerStatuses"]![0]!["state"]!["terminated"]!;
        Assert.Equal((128, "StartError", "no such file"), (terminated["exitCode"]!.GetValue<int>(), terminated["reason"]!.GetValue<string>(), terminated["message"]!.GetValue<string>()));
    }

    [Fact]
    public void A_waiting_restart_shows_the_pause_and_the_last_end()
    {
        var status = Build(Situation("""{"containers":[{"name":"a"}]}""", Sandbox, Ended("a", 2, attempt: 7, level: 5)));
        var container = status["containerStatuses"]![0]!;
        Assert.Equal("CrashLoopBackOff", container["state"]!["waiting"]!["reason"]!.GetValue<string>());
        Assert.Equal("back-off 2m40s restarting failed container=a pod=web_default(u)", container["state"]!["waiting"]!["message"]!.GetValue<string>());
        Assert.Equal((7, 2), (container["restartCount"]!.GetValue<int>(), container["lastState"]!["terminated"]!["exitCode"]!.GetValue<int>()));
        Assert.Equal("Running", Phase(status));
    }

    [Fact]
    public void A_failure_to_start_is_shown()
    {
        var status = Build(Situation("""{"containers":[{"name":"a"}]}""", Sandbox) with
        {
            Failures = new Dictionary<string, StartFailure> { ["a"] = new("ErrImagePull", "not found", Now + TimeSpan.FromSeconds(10), 1) },
        });
        Assert.Equal("""{"waiting":{"message":"not found","reason":"ErrImagePull"}}""", status["containerStatuses"]![0]!["state"]!.ToJsonString());
    }

    [Fact]
    public void A_lost_container_is_remembered_by_the_status()
    {
        var known = """{"containerStatuses":[{"name":"a","containerID":"docker://x","restartCount":2,"state":{"running":{"startedAt":"2029-01-01T00:00:00Z"}}}]}""";
        var container = Build(Situation("""{"containers":[{"name":"a"}]}""", Sandbox), known)["containerStatuses"]![0]!;
        Assert.Equal("ContainerStatusUnknown", container["lastState"]!["terminated"]!["reason"]!.GetValue<string>());
        Assert.Equal(2, container["restartCount"]!.GetValue<int>());
    }

    [Fact]
    public void Times_of_conditions_move_only_with_their_status()
    {
        var situation = Situation("""{"containers":[{"name":"a"}]}""", Sandbox, Running("a"));
        var first = Build(situation);
        var later = Build(situation with { Now = Now + TimeSpan.FromHours(1) }, first.ToJsonString());
        Assert.Null(StatusDifference.Between(first, later));
        var broken = Build(
            situation with { Now = Now + TimeSpan.FromHours(1), Health = new Dictionary<string, ContainerHealth> { ["id-a-0"] = new(true, false) } }, first.ToJsonString());
        var patch = StatusDifference.Between(first, broken)!;
        Assert.Equal(["conditions", "containerStatuses"], patch.Select(m => m.Key).Order());
        Assert.Equal("2030-01-01T01:00:00Z", patch["conditions"]!.AsArray().Single(c => c!["type"]!.GetValue<string>() == "Ready")!["lastTransitionTime"]!.GetValue<string>());
    }

    [Fact]
    public void A_rejected_pod_has_no_containers()
    {
        var status = Build(Situation(Two), end: new PodEnd("OutOfcpu", "Pod was rejected: no", Rejected: true));
        Assert.Equal(("Failed", "OutOfcpu", "Pod was rejected: no"), (Phase(status), status["reason"]!.GetValue<string>(), status["message"]!.GetValue<string>()));
        Assert.False(status.ContainsKey("containerStatuses"));
    }

    [Theory]
    [InlineData("""{"requests":{"cpu":"1","memory":"1Gi"},"limits":{"cpu":"1","memory":"1Gi"}}""", "Guaranteed")]
    [InlineData("""{"limits":{"cpu":"1000m","memory":"1Gi"}}""", "Guaranteed")]
    [InlineData("""{"requests":{"cpu":"1"}}""", "Burstable")]
    [InlineData("""{"limits":{"cpu":"1"}}""", "Burstable")]
    [InlineData("""{}""", "BestEffort")]
    public void Quality_of_service_comes_from_cpu_and_memory(string resources, string qos) =>
        Assert.Equal(qos, QosClass.Of(Situation($$"""{"containers":[{"name":"a","resources":{{resources}}}]}""").Spec));

    private static JsonObject Build(PodSituation situation, string current = "{}", bool ended = false, PodEnd? end = null) => PodStatusBuilder.Build(new PodStatusInput
    {
        Situation = situation,
        Plan = PodPlanner.Plan(situation),
        Current = JsonNode.Parse(current)!.AsObject(),
        Generation = 1,
        RuntimeName = "docker",
        HostIp = "192.0.2.1",
        StartTime = Now,
        Ended = ended,
        End = end,
    });

    private static string Phase(JsonObject status) => status["phase"]!.GetValue<string>();

    private static (string Status, string Reason, string Message) Condition(JsonObject status, string type)
    {
        var condition = status["conditions"]!.AsArray().Single(c => c!["type"]!.GetValue<string>() == type)!;
        return (condition["status"]!.GetValue<string>(), condition["reason"]?.GetValue<string>() ?? "", condition["message"]?.GetValue<string>() ?? "");
    }
}
