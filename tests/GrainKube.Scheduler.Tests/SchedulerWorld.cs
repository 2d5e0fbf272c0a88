using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Scheduler.Nodes;
using GrainKube.Scheduler.Pods;
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

    public Placer NewPlacer() => Placer.Default(Names, Volumes, Table.Claims, new Random(1));

    public SchedulerWorld() => Table = new NodeTable(Names);

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
    public PodRequest Pod(string name, string requests = "{}", string spec = "") => PodRequest.Of(PodObject(name, requests, spec), Names);

    public static KubeObject PodObject(string name, string requests = "{}", string spec = "")
    {
        var pod = Sample.Pod(name, spec: spec);
        pod["metadata"]!["namespace"] = "n";
        pod["metadata"]!["uid"] = name;
        pod["spec"]!["containers"]![0]!["resources"] = new JsonObject { ["requests"] = JsonNode.Parse(requests) };
        return Sample.Object("", "pods", pod);
    }
}
