using GrainKube.ApiMachinery.Admission;
using GrainKube.ApiMachinery.Identity;
using GrainKube.ApiServer.Admission.Nodes;
using Xunit;

namespace GrainKube.ApiServer.Tests.Admission.Nodes;

public sealed class NodeRestrictionTests
{
    private const string Owner = """{"apiVersion":"v1","kind":"Node","name":"n1","uid":"u1","controller":true}""";
    private readonly FakeObjects objects = new FakeObjects()
        .Add("", "nodes", "", "n1", uid: "u1")
        .Add("", "pods", "web", "p", """{"spec":{"nodeName":"n1"}}""", uid: "p1")
        .Add("", "pods", "web", "q", """{"spec":{"nodeName":"n2"}}""", uid: "q1");

    [Theory]
    [InlineData("""{"metadata":{},"spec":{}}""", "pod does not have \"kubernetes.io/config.mirror\" annotation, node \"n1\" can only create mirror pods")]
    [InlineData("""{"metadata":{"annotations":{"kubernetes.io/config.mirror":"x"}},"spec":{"nodeName":"n2"}}""", "node \"n1\" can only create pods with spec.nodeName set to itself")]
    [InlineData("""{"metadata":{"annotations":{"kubernetes.io/config.mirror":"x"}},"spec":{"nodeName":"n1"}}""", "node \"n1\" can only create pods with an owner reference set to itself")]
    [InlineData("""{"metadata":{"annotations":{"kubernetes.io/config.mirror":"x"},"ownerReferences":[{"apiVersion":"v1","kind":"Node","name":"n1","uid":"u2","controller":true}]},"spec":{"nodeName":"n1"}}""", "node n1 UID mismatch: expected u2 got u1")]
    [InlineData("""{"metadata":{"annotations":{"kubernetes.io/config.mirror":"x"},"ownerReferences":[OWNER]},"spec":{"nodeName":"n1","volumes":[{"secret":{"secretName":"s"}}]}}""", "node \"n1\" can not create pods that reference secrets")]
    [InlineData("""{"metadata":{"annotations":{"kubernetes.io/config.mirror":"x"},"ownerReferences":[OWNER]},"spec":{"nodeName":"n1"}}""", null)]
    public async Task A_node_makes_no_pods_but_mirrors(string pod, string? complaint) =>
        await ExpectAsync(Asking.Create("pods", "web", "m", pod.Replace("OWNER", Owner, StringComparison.Ordinal), user: UserInfo.Node("n1")), complaint);

    [Theory]
    [InlineData("n1", AdmissionOperation.Delete, "", null)]
    [InlineData("n2", AdmissionOperation.Delete, "", "node \"n1\" can only delete pods with spec.nodeName set to itself")]
    [InlineData("n1", AdmissionOperation.Update, "", "unexpected operation \"UPDATE\", node \"n1\" can only create and delete mirror pods")]
    [InlineData("n1", AdmissionOperation.Update, "status", null)]
    [InlineData("n2", AdmissionOperation.Update, "status", "node \"n1\" can only update pod status for pods with spec.nodeName set to itself")]
    [InlineData("n1", AdmissionOperation.Update, "ephemeralcontainers", "unexpected pod subresource \"ephemeralcontainers\", only 'status' and 'eviction' are allowed")]
    public async Task A_node_ends_and_reports_only_its_own_pods(string of, AdmissionOperation operation, string subresource, string? complaint)
    {
        var pod = $$"""{"spec":{"nodeName":"{{of}}"} }""";
        await ExpectAsync(Asking.Create("pods", "web", "p", pod, user: UserInfo.Node("n1"), operation: operation, current: pod, subresource: subresource), complaint);
    }

    [Fact]
    public async Task Evictions_and_tokens_are_for_its_own_pods()
    {
        await ExpectAsync(Asking.Create("pods", "web", "p", user: UserInfo.Node("n1"), subresource: "eviction"), null);
        await ExpectAsync(Asking.Create("pods", "web", "q", user: UserInfo.Node("n1"), subresource: "eviction"), "node n1 can only evict pods with spec.nodeName set to itself");
        await ExpectAsync(Token("""{"apiVersion":"v1","kind":"Pod","name":"p","uid":"p1"}"""), null);
        await ExpectAsync(Token("null"), "node requested token not bound to a pod");
        await ExpectAsync(Token("""{"apiVersion":"v1","kind":"Pod","name":"p"}"""), "node requested token with a pod binding without a uid");
        await ExpectAsync(Token("""{"apiVersion":"v1","kind":"Pod","name":"q","uid":"q1"}"""), "node requested token bound to a pod scheduled on a different node");
    }

    [Theory]
    [InlineData("n2", "{}", "{}", "node \"n1\" is not allowed to modify node \"n2\"")]
    [InlineData("n1", """{"spec":{"taints":[{"key":"a"}]}}""", "{}", "node \"n1\" is not allowed to modify taints")]
    [InlineData("n1", """{"metadata":{"labels":{"node-restriction.kubernetes.io/x":"1","k8s.io/y":"1","mine":"1","kubelet.kubernetes.io/z":"1"}}}""", "{}", "is not allowed to modify labels: k8s.io/y, node-restriction.kubernetes.io/x")]
    [InlineData("n1", """{"metadata":{"labels":{"kubernetes.io/hostname":"1","topology.kubernetes.io/zone":"a"}}}""", """{"metadata":{"labels":{"kubernetes.io/os":"linux"}}}""", null)]
    public async Task A_node_changes_only_itself_and_not_what_steers_pods_to_it(string name, string next, string current, string? complaint) =>
        await ExpectAsync(Asking.Create("nodes", "", name, next, user: UserInfo.Node("n1"), operation: AdmissionOperation.Update, current: current), complaint);

    [Fact]
    public async Task Others_are_not_concerned()
    {
        await Asking.Create("pods", "web", "x").ValidatedByAsync(new NodeRestriction(objects));
        await Asking.Create("configmaps", "web", "x", user: UserInfo.Node("n1")).ValidatedByAsync(new NodeRestriction(objects));
    }

    [Fact]
    public async Task A_new_node_waits_to_be_seen_ready()
    {
        var node = await Asking.Create("nodes", "", "n1", """{"spec":{}}""").ThroughAsync(new TaintNodesByCondition());
        Assert.Equal("""[{"key":"node.kubernetes.io/not-ready","effect":"NoSchedule"}]""", node["spec"]!["taints"]!.ToJsonString());
        var again = await Asking.Create("nodes", "", "n1", node.ToJsonString()).ThroughAsync(new TaintNodesByCondition());
        Assert.Single(again["spec"]!["taints"]!.AsArray());
    }

    [Fact]
    public async Task A_pod_that_is_bound_learns_its_zone()
    {
        objects.Add("", "nodes", "", "n1", labels: new() { ["topology.kubernetes.io/zone"] = "a", ["other"] = "b" });
        var pod = await Asking.Create("pods", "web", "p", """{"metadata":{},"spec":{"nodeName":"n1"}}""", subresource: "binding").ThroughAsync(new PodTopologyLabels(objects));
        Assert.Equal("""{"topology.kubernetes.io/zone":"a"}""", pod["metadata"]!["labels"]!.ToJsonString());
    }

    private static AdmissionRequest Token(string bound) =>
        Asking.Create("serviceaccounts", "web", "robot", $$"""{"spec":{"boundObjectRef":{{bound}}} }""", user: UserInfo.Node("n1"), subresource: "token");

    private async Task ExpectAsync(AdmissionRequest request, string? complaint)
    {
        if (complaint is null)
        {
            await request.ValidatedByAsync(new NodeRestriction(objects));
            return;
        }

        var refused = await request.RefusedByAsync(new NodeRestriction(objects));
        Assert.Equal(403, refused.Code);
        Assert.EndsWith($"is forbidden: {complaint}", refused.Message, StringComparison.Ordinal);
    }
}
