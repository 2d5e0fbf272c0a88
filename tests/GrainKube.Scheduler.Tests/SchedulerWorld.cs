using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Scheduler.Nodes;
using GrainKube.Scheduler.Pods;
using GrainKube.Scheduler.Preemption;
using GrainKube.Scheduler.Scheduling;
using GrainKube.Testing.Clusters;

namespace GrainKube.Scheduler.Tests;

/// <summary>Nodes and pods as the scheduler sees them, without a cluster.</summary>
internal sealed class SchedulerWorld
{
    public ResourceNames Names { get; } = new();

    public NodeTable Table { get; }

    /// <summary>Claims, volumes and classes.</summary>
    public MemoryVolumes Volumes { get; } = new();

    /// <summary>Namespaces, services, workloads and budgets.</summary>
    public MemoryCluster Cluster { get; } = new();

    public SchedulerWorld() => Table = new NodeTable(Names);

    public Placer NewPlacer() => Placer.Default(Table, Names, Volumes, Cluster, new Random(1));

    public Placement Place(PodRequest pod) => NewPlacer().Place(pod);

    /// <summary>What a pod that fits nowhere would do, and what it would be told.</summary>
    public (PreemptionPlan Plan, string Told) Refused(PodRequest pod)
    {
        var refusal = Place(pod).Refusal ?? throw new InvalidOperationException($"{pod.Key} fits");
        var plan = new Preemptor(Table, Cluster, new Random(1)).Plan(pod, refusal);
        return (plan, plan.Told(refusal));
    }

    /// <summary>Places a pod of that name, uid and spec on a node.</summary>
    public PodRequest Placed(string node, string name, string requests = "{}", string spec = "", string labels = "{}", string status = "{}", bool terminating = false)
    {
        var pod = Pod(name, requests, spec, labels, status, terminating);
        Table.Place(pod, node);
        return pod;
    }

    public NodeState Node(string name, string cpu = "4", string memory = "8Gi", string spec = "{}", string labels = "{}", string more = "")
    {
        Table.Set(NodeObject(name, cpu, memory, spec, labels, more));
        return Table.Nodes.Single(n => n.Name == name);
    }

    public static KubeObject NodeObject(string name, string cpu = "4", string memory = "8Gi", string spec = "{}", string labels = "{}", string more = "") => Sample.Object("", "nodes", Sample.Parse($$"""
        {"apiVersion":"v1","kind":"Node","metadata":{"name":"{{name}}","labels":{{labels}} },"spec":{{spec}},
         "status":{"allocatable":{"cpu":"{{cpu}}","memory":"{{memory}}","pods":"110"{{more}} } } }
        """));

    /// <param name="name">Name and uid.</param>
    /// <param name="requests">Resources of its one container.</param>
    /// <param name="spec">More members of the spec.</param>
    /// <param name="labels">Its labels.</param>
    /// <param name="status">Its status.</param>
    /// <param name="terminating">Its deletion was asked for.</param>
    /// <param name="ns">Its namespace.</param>
    public PodRequest Pod(
        string name, string requests = "{}", string spec = "", string labels = "{}", string status = "{}", bool terminating = false, string ns = "n") =>
        PodRequest.Of(PodObject(name, requests, spec, labels, status, terminating, ns), Names);

    public static KubeObject PodObject(
        string name, string requests = "{}", string spec = "", string labels = "{}", string status = "{}", bool terminating = false, string ns = "n", string metadata = "{}")
    {
        var pod = Sample.Pod(name, labels, spec);
        foreach (var (member, value) in Sample.Parse(metadata))
        {
            pod["metadata"]![member] = value?.DeepClone();
        }

        pod["metadata"]!["namespace"] = ns;
        pod["metadata"]!["uid"] = name;
        pod["spec"]!["containers"]![0]!["resources"] = new JsonObject { ["requests"] = JsonNode.Parse(requests) };
        pod["status"] = JsonNode.Parse(status);
        if (terminating)
        {
            pod["metadata"]!["deletionTimestamp"] = "2026-01-01T00:00:00Z";
        }

        return Sample.Object("", "pods", pod);
    }
}
