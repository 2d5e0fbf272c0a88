using System.Text.Json.Nodes;
using GrainKube.Kubelet.Plans;
using GrainKube.Kubelet.Pods;
using GrainKube.Kubelet.Runtime;
using k8s;
using k8s.Models;

namespace GrainKube.Kubelet.Tests.Plans;

public sealed class PodPlannerTests
{
    internal static readonly DateTimeOffset Now = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly SandboxState Sandbox = new("s0", "u", "default", "web", 0, Running: true, "10.0.0.2", Now);

    [Fact]
    public void A_new_pod_needs_a_sandbox_first()
    {
        var plan = PodPlanner.Plan(Situation("""{"containers":[{"name":"a"}]}"""));
        Assert.Equal(0, plan.NewSandbox);
        Assert.Empty(plan.Start);
    }

    [Fact]
    public void A_dead_sandbox_is_replaced_and_what_runs_in_it_ended()
    {
        var plan = PodPlanner.Plan(Situation("""{"containers":[{"name":"a"}]}""", Sandbox with { Running = false }, Running("a")));
        Assert.Equal(1, plan.NewSandbox);
        Assert.Equal("a", Assert.Single(plan.Kill).Container.Name);
    }

    [Fact]
    public void In_a_new_sandbox_init_containers_run_again_and_finished_ones_do_not()
    {
        var newer = Sandbox with { Id = "s1", Attempt = 1 };
        const string pod = """{"restartPolicy":"OnFailure","initContainers":[{"name":"i"}],"containers":[{"name":"a"},{"name":"b"}]}""";
        var first = PodPlanner.Plan(Situation(pod, newer, Ended("i", 0), Ended("a", 0), Ended("b", 1)));
        Assert.Equal(("i", 1), (Assert.Single(first.Start).Container.Name, first.Start[0].Attempt));
        var then = PodPlanner.Plan(Situation(pod, newer, Ended("i", 0, attempt: 1) with { SandboxId = "s1" }, Ended("a", 0), Ended("b", 1)));
        Assert.Equal("b", Assert.Single(then.Start).Container.Name);
    }

    [Fact]
    public void All_main_containers_start_together()
    {
        var plan = PodPlanner.Plan(Situation("""{"containers":[{"name":"a"},{"name":"b"}]}""", Sandbox, Running("a")));
        Assert.Equal(["b"], plan.Start.Select(s => s.Container.Name));
    }

    [Fact]
    public void A_container_that_was_made_but_not_started_keeps_its_attempt()
    {
        var plan = PodPlanner.Plan(Situation("""{"containers":[{"name":"a"}]}""", Sandbox, Running("a") with { Phase = ContainerPhase.Created, StartedAt = null, Attempt = 4 }));
        Assert.Equal(4, Assert.Single(plan.Start).Attempt);
    }

    [Theory]
    [InlineData("Always", 0, true)]
    [InlineData("Always", 1, true)]
    [InlineData("OnFailure", 0, false)]
    [InlineData("OnFailure", 1, true)]
    [InlineData("Never", 1, false)]
    public void The_restart_policy_decides_about_ended_containers(string policy, int code, bool restarts)
    {
        var plan = PodPlanner.Plan(Situation($$"""{"restartPolicy":"{{policy}}","containers":[{"name":"a"},{"name":"b"}]}""", Sandbox, Ended("a", code), Running("b")));
        Assert.Equal(restarts, plan.Start.Any(s => s.Container.Name == "a"));
        Assert.False(plan.Finished);
    }

    [Theory]
    [InlineData("Never", 1, 0)]
    [InlineData("Never", 0, 0)]
    [InlineData("OnFailure", 0, 0)]
    public void A_pod_whose_containers_have_all_ended_for_good_is_finished(string policy, int first, int second) =>
        Assert.True(PodPlanner.Plan(Situation($$"""{"restartPolicy":"{{policy}}","containers":[{"name":"a"},{"name":"b"}]}""", Sandbox, Ended("a", first), Ended("b", second))).Finished);

    [Fact]
    public void Rules_of_a_container_may_restart_it_against_the_policy()
    {
        const string pod = """{"restartPolicy":"Never","containers":[{"name":"a","restartPolicyRules":[{"action":"Restart","exitCodes":{"operator":"In","values":[42]}}]}]}""";
        Assert.Single(PodPlanner.Plan(Situation(pod, Sandbox, Ended("a", 42))).Start);
        Assert.True(PodPlanner.Plan(Situation(pod, Sandbox, Ended("a", 41))).Finished);
    }

    [Fact]
    public void Restarts_back_off_from_ten_seconds_doubling_to_five_minutes()
    {
        Assert.Equal([0, 10, 20, 40, 80, 160, 300, 300], Enumerable.Range(0, 8).Select(l => (int)RestartBackOff.Delay(l).TotalSeconds));
        var ended = Ended("a", 1, level: 2);
        var waiting = PodPlanner.Plan(Situation("""{"containers":[{"name":"a"}]}""", Sandbox, ended));
        Assert.Empty(waiting.Start);
        Assert.Equal(TimeSpan.FromSeconds(20), waiting.Waiting["a"].Delay);
        Assert.Equal(ended.FinishedAt + TimeSpan.FromSeconds(20), waiting.WakeAt);

        var ready = PodPlanner.Plan(Situation("""{"containers":[{"name":"a"}]}""", Sandbox, ended) with { Now = Now + TimeSpan.FromSeconds(20) });
        Assert.Equal((1, 3), (Assert.Single(ready.Start).Attempt, ready.Start[0].BackOffLevel));
    }

    [Fact]
    public void A_container_that_ran_ten_minutes_is_forgiven()
    {
        var ended = Ended("a", 1, level: 5) with { StartedAt = Now - TimeSpan.FromMinutes(11) };
        var plan = PodPlanner.Plan(Situation("""{"containers":[{"name":"a"}]}""", Sandbox, ended));
        Assert.Equal(1, Assert.Single(plan.Start).BackOffLevel);
    }

    [Fact]
    public void The_restart_count_goes_on_from_the_status_where_the_runtime_has_forgotten()
    {
        var situation = Situation("""{"containers":[{"name":"a"}]}""", Sandbox);
        situation.Pod.Status = new V1PodStatus { ContainerStatuses = [new V1ContainerStatus { Name = "a", ContainerID = "docker://x", RestartCount = 6 }] };
        Assert.Equal(7, Assert.Single(PodPlanner.Plan(situation).Start).Attempt);
    }

    [Fact]
    public void What_failed_to_start_waits_for_its_time()
    {
        var situation = Situation("""{"containers":[{"name":"a"},{"name":"b"}]}""", Sandbox) with
        {
            Failures = new Dictionary<string, StartFailure> { ["a"] = new("ErrImagePull", "no", Now + TimeSpan.FromSeconds(10), 1) },
        };
        var plan = PodPlanner.Plan(situation);
        Assert.Equal(["b"], plan.Start.Select(s => s.Container.Name));
        Assert.Equal(Now + TimeSpan.FromSeconds(10), plan.WakeAt);
        Assert.Equal(2, PodPlanner.Plan(situation with { Now = Now + TimeSpan.FromSeconds(10) }).Start.Count);
    }

    [Theory]
    [InlineData("liveness")]
    [InlineData("startup")]
    public void A_failed_probe_ends_its_container(string probe)
    {
        var plan = PodPlanner.Plan(Situation("""{"containers":[{"name":"a"}]}""", Sandbox, Running("a")) with
        {
            Health = new Dictionary<string, ContainerHealth> { ["id-a-0"] = new(true, true, probe) },
        });
        Assert.Equal($"Container a failed {probe} probe, will be restarted", Assert.Single(plan.Kill).Message);
    }

    [Fact]
    public void Init_containers_go_one_by_one()
    {
        const string pod = """{"initContainers":[{"name":"i"},{"name":"j"}],"containers":[{"name":"a"}]}""";
        Assert.Equal(["i"], Starts(pod));
        Assert.Empty(Starts(pod, Running("i")));
        Assert.Equal(["j"], Starts(pod, Ended("i", 0)));
        Assert.Equal(["a"], Starts(pod, Ended("i", 0), Ended("j", 0)));
        Assert.Equal(["i"], Starts(pod, Ended("i", 1)));
        Assert.Empty(Starts(pod, Running("a"))); // whoever removed the init containers: they were through
    }

    [Fact]
    public void A_failed_init_container_finishes_a_pod_that_never_restarts() =>
        Assert.True(PodPlanner.Plan(Situation("""{"restartPolicy":"Never","initContainers":[{"name":"i"}],"containers":[{"name":"a"}]}""", Sandbox, Ended("i", 1))).Finished);

    [Fact]
    public void A_sidecar_runs_beside_what_follows_it_and_is_restarted()
    {
        const string pod = """{"restartPolicy":"Never","initContainers":[{"name":"s","restartPolicy":"Always"},{"name":"i"}],"containers":[{"name":"a"}]}""";
        Assert.Equal(["s"], Starts(pod));
        Assert.Equal(["i"], Starts(pod, Running("s")));
        Assert.Equal(["a"], Starts(pod, Running("s"), Ended("i", 0)));
        Assert.Equal(["s"], Starts(pod, Ended("s", 0), Ended("i", 0), Running("a")));
        Assert.True(PodPlanner.Plan(Situation(pod, Sandbox, Running("s"), Ended("i", 0), Ended("a", 0))).Finished);
    }

    [Fact]
    public void A_sidecar_that_has_not_started_holds_up_what_follows()
    {
        const string pod = """{"initContainers":[{"name":"s","restartPolicy":"Always"}],"containers":[{"name":"a"}]}""";
        var starting = Situation(pod, Sandbox, Running("s")) with { Health = new Dictionary<string, ContainerHealth> { ["id-s-0"] = new(false, false) } };
        Assert.Empty(PodPlanner.Plan(starting).Start);
    }

    internal static PodSituation Situation(string spec, SandboxState? sandbox = null, params ContainerState[] containers) => new()
    {
        Pod = KubernetesJson.Deserialize<V1Pod>($$"""{"metadata":{"name":"web","namespace":"default","uid":"u"},"spec":{{JsonNode.Parse(spec)}}}"""),
        Runtime = new PodRuntimeState(sandbox is null ? [] : [sandbox], [.. containers.OrderByDescending(c => c.Attempt)]),
        Now = Now,
    };

    internal static ContainerState Running(string name) => new()
    {
        Id = $"id-{name}-0", SandboxId = "s0", PodUid = "u", Namespace = "default", PodName = "web", Name = name, Attempt = 0, Phase = ContainerPhase.Running,
        Image = "img", ImageId = "sha256:1", CreatedAt = Now - TimeSpan.FromMinutes(1), StartedAt = Now - TimeSpan.FromMinutes(1),
    };

    internal static ContainerState Ended(string name, int code, int attempt = 0, int level = 0) => Running(name) with
    {
        Id = $"id-{name}-{attempt}", Attempt = attempt, Phase = ContainerPhase.Exited, ExitCode = code, FinishedAt = Now,
        Labels = new Dictionary<string, string> { [RestartBackOff.Label] = level.ToString(System.Globalization.CultureInfo.InvariantCulture) },
    };

    private static string[] Starts(string pod, params ContainerState[] containers) => [.. PodPlanner.Plan(Situation(pod, Sandbox, containers)).Start.Select(s => s.Container.Name)];
}
