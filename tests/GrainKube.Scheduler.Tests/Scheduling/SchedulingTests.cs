using System.Text.Json.Nodes;
using GrainKube.Reconciliation.Events;
using GrainKube.Scheduler.Cluster;
using GrainKube.Scheduler.Nodes;
using GrainKube.Scheduler.Pods;
using GrainKube.Scheduler.Scheduling;
using GrainKube.Scheduler.Volumes;
using GrainKube.Testing.Clusters;
using k8s.Models;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace GrainKube.Scheduler.Tests.Scheduling;

/// <summary>The scheduler of a real cluster without a kubelet: its nodes are only objects, and each test has nodes of its own by a label.</summary>
public sealed class SchedulingTests(SchedulingTests.Cluster fixture) : IClassFixture<SchedulingTests.Cluster>
{
    [Fact]
    public async Task A_pod_is_bound_and_told_so()
    {
        var ns = await fixture.World.NamespaceAsync();
        await NodeAsync(ns, "a");

        await ns.ApplyAsync(Pod(ns, "p"));

        var bound = await ns.EventuallyOneAsync<V1Pod>("p", p => p.Spec.NodeName is not null);
        Assert.Equal($"{ns.Name}-a", bound.Spec.NodeName);
        Assert.Equal("True", bound.Status.Conditions.Single(c => c.Type == "PodScheduled").Status);
        Assert.Equal($"Successfully assigned {ns.Name}/p to {ns.Name}-a", (await ns.EventAsync("p", "Scheduled")).Message);
    }

    [Fact]
    public async Task A_pod_that_fits_nowhere_is_told_why_and_goes_when_a_node_appears()
    {
        var ns = await fixture.World.NamespaceAsync();
        await ns.ApplyAsync(Pod(ns, "p"));

        var waiting = await ns.EventuallyOneAsync<V1Pod>("p", p => p.Status?.Conditions?.Any(c => c.Type == "PodScheduled") == true);

        var condition = waiting.Status.Conditions.Single(c => c.Type == "PodScheduled");
        Assert.Equal(("False", "Unschedulable"), (condition.Status, condition.Reason));
        var told = await ns.EventAsync("p", "FailedScheduling");
        Assert.Equal("Warning", told.Type);
        Assert.Equal("default-scheduler", told.Source.Component);
        Assert.Matches("^(no nodes available to schedule pods|0/\\d+ nodes are available: \\d+ .*\\. preemption: 0/\\d+ nodes are available: \\d+ Preemption is not helpful for scheduling\\.)$", told.Message);
        await NodeAsync(ns, "a");
        await ns.EventuallyOneAsync<V1Pod>("p", p => p.Spec.NodeName is not null);
    }

    [Fact]
    public async Task A_pod_goes_when_another_leaves()
    {
        var ns = await fixture.World.NamespaceAsync();
        await NodeAsync(ns, "a");
        await ns.ApplyAsync(Pod(ns, "first", "4"));
        await ns.EventuallyOneAsync<V1Pod>("first", p => p.Spec.NodeName is not null);
        await ns.ApplyAsync(Pod(ns, "second", "4"));
        await ns.EventAsync("second", "FailedScheduling");

        await ns.DeleteAsync<V1Pod>("first", grace: 0);

        await ns.EventuallyOneAsync<V1Pod>("second", p => p.Spec.NodeName is not null);
    }

    [Fact]
    public async Task A_tainted_node_takes_only_who_tolerates_it()
    {
        var ns = await fixture.World.NamespaceAsync();
        await NodeAsync(ns, "a", """[{"key":"k","effect":"NoSchedule"}]""");
        await ns.ApplyAsync(Pod(ns, "refused"));
        var tolerant = Pod(ns, "taken");
        tolerant["spec"]!["tolerations"] = new JsonArray(Sample.Parse("""{"key":"k","operator":"Exists"}"""));
        await ns.ApplyAsync(tolerant);

        await ns.EventuallyOneAsync<V1Pod>("taken", p => p.Spec.NodeName is not null);
        Assert.Contains("1 node(s) had untolerated taint(s)", (await ns.EventAsync("refused", "FailedScheduling")).Message);
    }

    [Fact]
    public async Task A_gated_pod_waits_for_its_gates_and_other_schedulers_pods_are_left_alone()
    {
        var ns = await fixture.World.NamespaceAsync();
        await NodeAsync(ns, "a");
        var (gated, foreign) = (Pod(ns, "gated"), Pod(ns, "foreign"));
        gated["spec"]!["schedulingGates"] = new JsonArray(Sample.Parse("""{"name":"test.dev/wait"}"""));
        foreign["spec"]!["schedulerName"] = "another";
        await ns.ApplyAsync(gated);
        await ns.ApplyAsync(foreign);
        await ns.ApplyAsync(Pod(ns, "free"));
        await ns.EventuallyOneAsync<V1Pod>("free", p => p.Spec.NodeName is not null);
        Assert.Null((await ns.GetAsync<V1Pod>("gated")).Spec.NodeName);

        await ns.PatchAsync<V1Pod>("gated", """{"spec":{"schedulingGates":null} }""");

        await ns.EventuallyOneAsync<V1Pod>("gated", p => p.Spec.NodeName is not null);
        Assert.Null((await ns.GetAsync<V1Pod>("foreign")).Spec.NodeName);
    }

    [Fact]
    public async Task Many_pods_fill_nodes_without_overcommitting_them()
    {
        var ns = await fixture.World.NamespaceAsync();
        foreach (var node in new[] { "a", "b", "c" })
        {
            await NodeAsync(ns, node);
        }

        await Task.WhenAll(Enumerable.Range(0, 15).Select(i => ns.ApplyAsync(Pod(ns, $"p{i}", "1"))));

        await ns.EventuallyAsync<V1Pod>("", pods => pods.Count(p => p.Spec.NodeName is not null) == 12 && pods.Count(p => p.Status?.Conditions?.Any(c => c.Reason == "Unschedulable") == true) >= 3);
        var placed = fixture.World.Objects.List<V1Pod>(ns.Name).Select(p => p.As<V1Pod>().Spec.NodeName).OfType<string>().GroupBy(n => n).ToList();
        Assert.All(placed, n => Assert.Equal(4, n.Count()));
    }

    [Fact]
    public async Task A_more_important_pod_pushes_out_a_lesser_one_and_says_why()
    {
        var ns = await fixture.World.NamespaceAsync();
        await NodeAsync(ns, "a");
        await PriorityAsync(ns, 1000);
        await ns.ApplyAsync(Pod(ns, "victim", "4"));
        await ns.EventuallyOneAsync<V1Pod>("victim", p => p.Spec.NodeName is not null);
        var important = Pod(ns, "important", "3");
        important["spec"]!["priorityClassName"] = $"{ns.Name}-high";
        await ns.ApplyAsync(important);

        var going = await ns.EventuallyOneAsync<V1Pod>("victim", p => p.Metadata.DeletionTimestamp is not null);
        var waiting = await ns.EventuallyOneAsync<V1Pod>("important", p => p.Status.NominatedNodeName is not null);

        var target = going.Status.Conditions.Single(c => c.Type == "DisruptionTarget");
        Assert.Equal(("True", "PreemptionByScheduler", "default-scheduler: preempting to accommodate a higher priority pod"), (target.Status, target.Reason, target.Message));
        Assert.Equal(30, going.Metadata.DeletionGracePeriodSeconds);
        Assert.Equal($"{ns.Name}-a", waiting.Status.NominatedNodeName);
        Assert.Equal($"Preempted by pod {waiting.Metadata.Uid} on node {ns.Name}-a", (await ns.EventAsync("victim", "Preempted")).Message);
        Assert.DoesNotContain("preemption:", (await ns.EventAsync("important", "FailedScheduling")).Message);

        // Nobody runs the victim; its kubelet would end it.
        await ns.DeleteAsync<V1Pod>("victim", grace: 0);
        var bound = await ns.EventuallyOneAsync<V1Pod>("important", p => p.Spec.NodeName is not null);
        Assert.Null(bound.Status.NominatedNodeName);
    }

    [Fact]
    public async Task Keys_of_labels_become_part_of_the_selectors_of_a_new_pod()
    {
        var ns = await fixture.World.NamespaceAsync();
        var pod = Pod(ns, "p");
        pod["metadata"]!["labels"] = Sample.Parse("""{"app":"web","hash":"1"}""");
        pod["spec"]!["topologySpreadConstraints"] = new JsonArray(Sample.Parse(
            """{"maxSkew":1,"topologyKey":"zone","whenUnsatisfiable":"DoNotSchedule","labelSelector":{"matchLabels":{"app":"web"} },"matchLabelKeys":["hash","absent"]}"""));
        pod["spec"]!["affinity"] = Sample.Parse(
            """{"podAntiAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":[{"topologyKey":"zone","labelSelector":{"matchLabels":{"app":"web"} },"mismatchLabelKeys":["hash"]}]} }""");

        await ns.ApplyAsync(pod);

        // What was merged is no contradiction to the keys later on.
        await ns.PatchAsync<V1Pod>("p", """{"metadata":{"annotations":{"a":"b"} } }""");

        var spec = (await ns.GetAsync<V1Pod>("p")).Spec;
        var spread = Assert.Single(spec.TopologySpreadConstraints[0].LabelSelector.MatchExpressions);
        Assert.Equal(("hash", "In", "1"), (spread.Key, spread.OperatorProperty, Assert.Single(spread.Values)));
        var anti = Assert.Single(spec.Affinity.PodAntiAffinity.RequiredDuringSchedulingIgnoredDuringExecution[0].LabelSelector.MatchExpressions);
        Assert.Equal(("hash", "NotIn", "1"), (anti.Key, anti.OperatorProperty, Assert.Single(anti.Values)));
    }

    [Fact]
    public async Task Whatever_happens_while_volumes_are_bound_the_pod_does_not_stay_in_flight()
    {
        var ns = await fixture.World.NamespaceAsync();
        await NodeAsync(ns, "a");
        await ns.ApplyAsync(Sample.Parse($$"""{"apiVersion":"v1","kind":"PersistentVolume","metadata":{"name":"{{ns.Name}}"},"spec":{"storageClassName":"none","capacity":{"storage":"1Gi"},"accessModes":["ReadWriteOnce"],"hostPath":{"path":"/tmp"} } }"""));
        await ns.ApplyAsync(Sample.Parse($$"""
            {"apiVersion":"v1","kind":"PersistentVolumeClaim","metadata":{"name":"data","annotations":{"pv.kubernetes.io/bind-completed":"yes"} },
             "spec":{"storageClassName":"none","volumeName":"{{ns.Name}}","accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"1Gi"} } } }
            """));
        var pod = Pod(ns, "p");
        pod["spec"]!["schedulerName"] = ns.Name;
        pod["spec"]!["volumes"] = new JsonArray(Sample.Parse("""{"name":"data","persistentVolumeClaim":{"claimName":"data"} }"""));
        await ns.ApplyAsync(pod);
        var fault = new TaskCompletionSource();
        await using var events = new EventRecorder(fixture.World.Objects, ns.Name, "", TimeProvider.System);
        var volumes = new BrokenVolumes(new CachedVolumes(fixture.World.Objects.Cache));
        await using var loop = new SchedulingLoop(
            ns.Name, new ResourceNames(), fixture.World.Objects, volumes, events, TimeProvider.System, NullLogger.Instance, () => fault.TrySetResult());

        loop.Start();

        // Its successor starts from the store, where the pod still waits.
        await fault.Task.WaitAsync(TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task Pods_are_of_a_kind_by_their_services_and_the_workload_that_controls_them()
    {
        var ns = await fixture.World.NamespaceAsync();
        await ns.ApplyAsync(Sample.Parse("""{"apiVersion":"v1","kind":"Service","metadata":{"name":"front"},"spec":{"selector":{"app":"web"},"ports":[{"port":80}]} }"""));
        await ns.ApplyAsync(Sample.ReplicaSet("web", 0));
        await ns.ApplyAsync(Sample.Parse("""
            {"apiVersion":"policy/v1","kind":"PodDisruptionBudget","metadata":{"name":"web"},"spec":{"minAvailable":1,"selector":{"matchLabels":{"app":"web"} } } }
            """));
        await fixture.World.Objects.WaitForOwnWritesAsync(CancellationToken.None);
        var cluster = new CachedCluster(fixture.World.Objects.Cache);

        var served = cluster.PeersOf(Labelled("""{"app":"web"}"""));
        var controlled = cluster.PeersOf(Labelled("""{"app":"other"}""", """{"ownerReferences":[{"apiVersion":"apps/v1","kind":"ReplicaSet","name":"web","uid":"u","controller":true}]}"""));

        Assert.Equal(("app=web", "app=web"), (served?.ToString(), controlled?.ToString()));
        Assert.Null(cluster.PeersOf(Labelled("""{"app":"lonely"}""")));
        Assert.Equal("app=web", Assert.Single(cluster.BudgetsOf(ns.Name)).Selector.ToString());
        Assert.Equal(ns.Name, cluster.LabelsOf(ns.Name)["kubernetes.io/metadata.name"]);

        PodRequest Labelled(string labels, string metadata = "{}") =>
            PodRequest.Of(SchedulerWorld.PodObject("p", labels: labels, ns: ns.Name, metadata: metadata), new ResourceNames());
    }

    private static Task PriorityAsync(TestNamespace ns, int value) => ns.Cluster.ApplyAsync(Sample.Parse(
        $$"""{"apiVersion":"scheduling.k8s.io/v1","kind":"PriorityClass","metadata":{"name":"{{ns.Name}}-high"},"value":{{value}} }"""));

    // A new node is tainted until it is ready; nobody here would ever say so.
    private async Task NodeAsync(TestNamespace ns, string name, string taints = "null")
    {
        var node = await fixture.World.ApplyAsync(Sample.Parse(
            $$"""{"apiVersion":"v1","kind":"Node","metadata":{"name":"{{ns.Name}}-{{name}}","labels":{"test":"{{ns.Name}}"} } }"""));
        await fixture.World.PatchAsync(
            node.Key, """{"status":{"capacity":{"cpu":"4","memory":"8Gi","pods":"110"},"allocatable":{"cpu":"4","memory":"8Gi","pods":"110"} } }""", "status");
        await fixture.World.PatchAsync(node.Key, $$"""{"spec":{"taints":{{taints}} } }""");
    }

    private static JsonObject Pod(TestNamespace ns, string name, string cpu = "100m")
    {
        var pod = Sample.Pod(name);
        pod["spec"]!["nodeSelector"] = new JsonObject { ["test"] = ns.Name };
        pod["spec"]!["containers"]![0]!["resources"] = Sample.Parse($$"""{"requests":{"cpu":"{{cpu}}"} }""");
        return pod;
    }

    /// <summary>Volumes that fail in a way nobody thought of once a pod's are to be bound; the loop's own subscription comes first.</summary>
    private sealed class BrokenVolumes(IVolumeView inner) : IVolumeView
    {
        private int subscriptions;

        public V1PersistentVolumeClaim? Claim(string ns, string name) => inner.Claim(ns, name);

        public V1PersistentVolume? Volume(string name) => inner.Volume(name);

        public V1StorageClass? Class(string name) => inner.Class(name);

        public IEnumerable<V1PersistentVolume> Volumes() => inner.Volumes();

        public IDisposable Subscribe(Action onChange) =>
            Interlocked.Increment(ref subscriptions) == 1 ? inner.Subscribe(onChange) : throw new InvalidOperationException("nobody thought of it");
    }

    public sealed class Cluster : IAsyncLifetime
    {
        public GrainKubeCluster World { get; private set; } = null!;

        // Nobody calls its nodes dead: they have no kubelets.
        public async Task InitializeAsync() => World = await GrainKubeCluster.StartAsync(options => options with { NoNode = true, Controllers = ["serviceaccount"] });

        public async Task DisposeAsync() => await World.DisposeAsync();
    }
}
