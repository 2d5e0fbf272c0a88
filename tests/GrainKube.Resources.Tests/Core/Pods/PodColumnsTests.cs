using Xunit;

namespace GrainKube.Resources.Tests.Core.Pods;

public sealed class PodColumnsTests
{
    private const string Running = """{"name":"a","ready":true,"restartCount":0,"state":{"running":{}}}""";
    private const string Done = """{"name":"a","ready":false,"restartCount":0,"state":{"terminated":{"exitCode":0,"reason":"Completed"}}}""";

    [Fact]
    public void A_running_pod_shows_its_containers_and_where_it_is() => Assert.Equal(
        "one | 1/1 | Running | 0 | 5m | 10.1.0.4 | n1 | <none> | <none>",
        Sample.Row("pods", Pod(Running, spec: "\"nodeName\":\"n1\"", status: "\"podIP\":\"10.1.0.4\",\"podIPs\":[{\"ip\":\"10.1.0.4\"}]")));

    [Fact]
    public void Restarts_tell_when_the_last_was() => Assert.Equal("0/1|CrashLoopBackOff|4 (3m20s ago)", Short(Pod("""
        {"name":"a","ready":false,"restartCount":4,"state":{"waiting":{"reason":"CrashLoopBackOff"}},
         "lastState":{"terminated":{"exitCode":1,"finishedAt":"2026-05-04T11:56:40Z"}}}
        """)));

    [Theory]
    [InlineData("""{"waiting":{"reason":"ImagePullBackOff"}}""", "ImagePullBackOff")]
    [InlineData("""{"terminated":{"exitCode":1,"reason":"Error"}}""", "Error")]
    [InlineData("""{"terminated":{"exitCode":3}}""", "ExitCode:3")]
    [InlineData("""{"terminated":{"exitCode":0,"signal":9}}""", "Signal:9")]
    [InlineData("""{"running":{}}""", "Running")]
    public void The_state_of_a_container_is_the_reason(string state, string reason) =>
        Assert.Equal($"0/1|{reason}|0", Short(Pod($$$"""{"name":"a","ready":false,"restartCount":0,"state":{{{state}}}}""")));

    [Theory]
    [InlineData("""{"waiting":{"reason":"PodInitializing"}}""", "Init:0/2")]
    [InlineData("""{"waiting":{"reason":"ErrImagePull"}}""", "Init:ErrImagePull")]
    [InlineData("""{"terminated":{"exitCode":7}}""", "Init:ExitCode:7")]
    [InlineData("""{"terminated":{"exitCode":7,"reason":"Error"}}""", "Init:Error")]
    public void Init_containers_are_shown_while_they_are_not_done(string state, string reason) => Assert.Equal(
        $"0/1|{reason}|0",
        Short(Pod(
            """{"name":"a","ready":false,"restartCount":0,"state":{"waiting":{"reason":"PodInitializing"}}}""",
            spec: "\"initContainers\":[{\"name\":\"i\"},{\"name\":\"j\"}]",
            status: $$$""" "initContainerStatuses":[{"name":"i","restartCount":0,"state":{{{state}}}},{"name":"j","restartCount":0,"state":{"waiting":{} } }]""")));

    [Fact]
    public void A_started_sidecar_counts_as_a_container() => Assert.Equal("2/2|Running|3 (60m ago)", Short(Pod(
        Running,
        spec: "\"initContainers\":[{\"name\":\"i\",\"restartPolicy\":\"Always\"}]",
        status: """
            "initContainerStatuses":[{"name":"i","ready":true,"started":true,"restartCount":3,"state":{"running":{}},"lastState":{"terminated":{"exitCode":0,"finishedAt":"2026-05-04T11:00:00Z"}}}]
            """)));

    [Theory]
    [InlineData("True", "Running")]
    [InlineData("False", "NotReady")]
    public void One_done_and_one_running_container_is_a_running_pod(string ready, string reason) => Assert.Equal(
        $"1/1|{reason}|0", Short(Pod($"{Done},{Running}", status: $$$""" "conditions":[{"type":"Ready","status":"{{{ready}}}"}]""")));

    [Fact]
    public void A_pod_that_has_succeeded_is_completed() => Assert.Equal("0/1|Completed|0", Short(Pod(Done, phase: "Succeeded")));

    [Theory]
    [InlineData("Running", "", "Terminating")]
    [InlineData("Succeeded", "", "Succeeded")]
    [InlineData("Running", "NodeLost", "Unknown")]
    public void A_deleted_pod_is_terminating_unless_it_is_over(string phase, string reason, string shown) => Assert.Equal(
        $"0/1|{shown}|0",
        Short($$$"""{"metadata":{"deletionTimestamp":"2026-05-04T11:59:00Z"},"spec":{"containers":[{"name":"a"}]},"status":{"phase":"{{{phase}}}","reason":"{{{reason}}}"}}"""));

    [Fact]
    public void A_gate_holds_a_pod_back() => Assert.Equal("0/1|SchedulingGated|0", Short(
        """{"spec":{"containers":[{"name":"a"}]},"status":{"phase":"Pending","conditions":[{"type":"PodScheduled","status":"False","reason":"SchedulingGated"}]}}"""));

    [Fact]
    public void An_evicted_pod_shows_its_own_reason() =>
        Assert.Equal("0/1|Evicted|0", Short("""{"spec":{"containers":[{"name":"a"}]},"status":{"phase":"Failed","reason":"Evicted"}}"""));

    [Fact]
    public void Readiness_gates_are_counted() => Assert.EndsWith("| 1/2", Sample.Row("pods", """
        {"spec":{"containers":[],"readinessGates":[{"conditionType":"x/a"},{"conditionType":"x/b"}]},"status":{"conditions":[{"type":"x/a","status":"True"}]}}
        """), StringComparison.Ordinal);

    private static string Short(string pod) => string.Join('|', Sample.Row("pods", pod).Split(" | ")[1..4]);

    private static string Pod(string statuses, string phase = "Running", string spec = "\"priority\":0", string status = "\"startTime\":null") => $$$"""
        {"spec":{"containers":[{"name":"a","image":"x"}],{{{spec}}}},"status":{"phase":"{{{phase}}}","containerStatuses":[{{{statuses}}}],{{{status}}}}}
        """;
}
