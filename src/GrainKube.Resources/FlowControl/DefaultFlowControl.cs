using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Schemas;

namespace GrainKube.Resources.FlowControl;

/// <summary>The priority levels and flow schemas that every cluster has (upstream: <c>apiserver/pkg/apis/flowcontrol/bootstrap</c>, v1.37).</summary>
public static class DefaultFlowControl
{
    /// <summary>Where it is <c>true</c> the server keeps the spec as it is here; <c>false</c> leaves it to whoever changed it.</summary>
    public const string AutoUpdate = "apf.kubernetes.io/autoupdate-spec";

    public const string Exempt = "exempt";
    public const string CatchAll = "catch-all";
    private const string Group = "flowcontrol.apiserver.k8s.io/v1";
    private const string ByUser = "ByUser";
    private const string ByNamespace = "ByNamespace";

    /// <summary>True for the objects whose spec nobody may change, whatever their annotation says.</summary>
    public static bool IsMandatory(string name) => name is Exempt or CatchAll;

    /// <summary>The priority levels.</summary>
    public static IReadOnlyList<JsonObject> Levels() =>
    [
        Level(Exempt, new JsonObject { ["type"] = "Exempt", ["exempt"] = new JsonObject { ["nominalConcurrencyShares"] = Number(0), ["lendablePercent"] = Number(0) } }),
        Level(CatchAll, Limited(5, 0, new JsonObject { ["type"] = "Reject" })),
        Level("system", Queued(30, 33, 64, 6)),
        Level("node-high", Queued(40, 25, 64, 6)),
        Level("leader-election", Queued(10, 0, 16, 4)),
        Level("workload-high", Queued(40, 50, 128, 6)),
        Level("workload-low", Queued(100, 90, 128, 6)),
        Level("global-default", Queued(20, 50, 128, 6)),
    ];

    /// <summary>The flow schemas, in the order in which they match.</summary>
    public static IReadOnlyList<JsonObject> Schemas() =>
    [
        Schema(Exempt, Exempt, 1, "", Everything(Groups("system:masters"))),
        Schema("probes", Exempt, 2, "", Rule(Groups("system:unauthenticated", "system:authenticated"), [], [Paths(["get"], "/healthz", "/readyz", "/livez")])),
        Schema("system-leader-election", "leader-election", 100, ByUser, Rule(
            [.. Users("system:kube-controller-manager", "system:kube-scheduler"), KubeSystemAccounts()],
            [Resources(["get", "create", "update"], "coordination.k8s.io", ["leases"], clusterScope: false)],
            [])),
        Schema("system-node-high", "node-high", 400, ByUser, Rule(
            Groups("system:nodes"), [Resources(["*"], "", ["nodes", "nodes/status"], clusterScope: true), Resources(["*"], "coordination.k8s.io", ["leases"], clusterScope: false)], [])),
        Schema("system-nodes", "system", 500, ByUser, Everything(Groups("system:nodes"))),
        Schema("kube-controller-manager", "workload-high", 800, ByNamespace, Everything(Users("system:kube-controller-manager"))),
        Schema("kube-scheduler", "workload-high", 800, ByNamespace, Everything(Users("system:kube-scheduler"))),
        Schema("kube-system-service-accounts", "workload-high", 900, ByNamespace, Everything([KubeSystemAccounts()])),
        Schema("service-accounts", "workload-low", 9000, ByUser, Everything(Groups("system:serviceaccounts"))),
        Schema("global-default", "global-default", 9900, ByUser, Everything(Groups("system:unauthenticated", "system:authenticated"))),
        Schema(CatchAll, CatchAll, 10000, ByUser, Everything(Groups("system:unauthenticated", "system:authenticated"))),
    ];

    private static JsonObject Level(string name, JsonObject spec) => Item("PriorityLevelConfiguration", name, spec);

    private static JsonObject Queued(int shares, int lendable, int queues, int hand) => Limited(shares, lendable, new JsonObject
    {
        ["type"] = "Queue", ["queuing"] = new JsonObject { ["queues"] = Number(queues), ["handSize"] = Number(hand), ["queueLengthLimit"] = Number(50) },
    });

    private static JsonObject Limited(int shares, int lendable, JsonObject response) => new()
    {
        ["type"] = "Limited",
        ["limited"] = new JsonObject { ["nominalConcurrencyShares"] = Number(shares), ["limitResponse"] = response, ["lendablePercent"] = Number(lendable) },
    };

    private static JsonObject Schema(string name, string level, int precedence, string distinguisher, JsonObject rule)
    {
        var spec = new JsonObject { ["priorityLevelConfiguration"] = new JsonObject { ["name"] = level }, ["matchingPrecedence"] = Number(precedence) };
        if (distinguisher.Length > 0)
        {
            spec["distinguisherMethod"] = new JsonObject { ["type"] = distinguisher };
        }

        spec["rules"] = new JsonArray(rule);
        return Item("FlowSchema", name, spec);
    }

    private static JsonObject Item(string kind, string name, JsonObject spec) => new()
    {
        ["apiVersion"] = Group,
        ["kind"] = kind,
        ["metadata"] = new JsonObject { ["name"] = name, ["annotations"] = new JsonObject { [AutoUpdate] = "true" } },
        ["spec"] = spec,
    };

    private static JsonObject Everything(JsonObject[] subjects) => Rule(subjects, [Resources(["*"], "*", ["*"], clusterScope: true)], [Paths(["*"], "*")]);

    private static JsonObject Rule(JsonObject[] subjects, JsonObject[] resources, JsonObject[] paths)
    {
        var rule = new JsonObject { ["subjects"] = new JsonArray([.. subjects]) };
        if (resources.Length > 0)
        {
            rule["resourceRules"] = new JsonArray([.. resources]);
        }

        if (paths.Length > 0)
        {
            rule["nonResourceRules"] = new JsonArray([.. paths]);
        }

        return rule;
    }

    private static JsonObject Resources(string[] verbs, string group, string[] resources, bool clusterScope)
    {
        var rule = new JsonObject { ["verbs"] = Texts(verbs), ["apiGroups"] = Texts(group), ["resources"] = Texts(resources) };
        if (clusterScope)
        {
            rule["clusterScope"] = true;
        }

        rule["namespaces"] = Texts("*");
        return rule;
    }

    private static JsonObject Paths(string[] verbs, params string[] paths) => new() { ["verbs"] = Texts(verbs), ["nonResourceURLs"] = Texts(paths) };

    private static JsonObject[] Groups(params string[] names) => [.. names.Select(name => new JsonObject { ["kind"] = "Group", ["group"] = new JsonObject { ["name"] = name } })];

    private static JsonObject[] Users(params string[] names) => [.. names.Select(name => new JsonObject { ["kind"] = "User", ["user"] = new JsonObject { ["name"] = name } })];

    private static JsonObject KubeSystemAccounts() => Account("*");

    private static JsonObject Account(string name) => new()
    {
        ["kind"] = "ServiceAccount", ["serviceAccount"] = new JsonObject { ["namespace"] = "kube-system", ["name"] = name },
    };

    private static JsonArray Texts(params string[] texts) => new([.. texts.Select(t => (JsonNode)t)]);

    private static JsonNode Number(int value) => JsonNumber.Of(value);
}
