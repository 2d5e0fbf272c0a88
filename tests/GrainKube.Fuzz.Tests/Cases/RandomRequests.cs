using System.Text;
using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Definitions;

namespace GrainKube.Fuzz.Tests.Cases;

/// <summary>Requests of one client, one after another; the same seed gives the same ones. Nearly all writes are dry runs, and what is kept is in the client's namespace.</summary>
internal sealed class RandomRequests
{
    private const string Policies = "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies";
    private const string Definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
    private readonly FuzzRandom random;
    private readonly RandomJson json;
    private readonly RandomPatches patches;
    private readonly RandomCel cel;
    private readonly RandomQuery query;
    private readonly string ns;
    private readonly (ResourceDefinition Kind, ServedVersion Version)[] kinds;

    public RandomRequests(int seed, string ns, IEnumerable<ResourceDefinition> definitions)
    {
        random = new FuzzRandom(seed);
        json = new RandomJson(random);
        patches = new RandomPatches(random, json);
        cel = new RandomCel(random);
        query = new RandomQuery(random);
        this.ns = ns;
        kinds = [.. definitions.SelectMany(d => d.Versions.Where(v => v.IsServed).Select(v => (d, v)))];
    }

    /// <summary>The policy whose expression is replaced again and again, and evaluated at each write of a ConfigMap in the namespace.</summary>
    public string Policy => "fuzz-" + ns;

    public FuzzCase Next() => random.Below(100) switch
    {
        < 22 => Create(),
        < 27 => Update(),
        < 47 => Patch(),
        < 52 => Delete(),
        < 67 => Read(),
        < 75 => Path(),
        < 81 => WithHeaders(),
        < 87 => CheckedProgram(),
        < 91 => EvaluatedProgram(),
        < 94 => Rule(),
        < 98 => new FuzzCase("POST", $"/api/v1/namespaces/{ns}/configmaps?dryRun=All") { Body = Encoding.UTF8.GetBytes("""{"metadata":{"name":"n1"},"data":{"a":"b"}}""") },
        _ => Protobuf(),
    };

    private FuzzCase Create()
    {
        var (kind, version) = random.PickFrom(kinds);
        var tree = Item(kind, version);
        return new FuzzCase("POST", PathOf(kind, version) + query.OfWrite(MustBeDry(kind))) { Body = json.Bytes(tree), ContentType = ContentType() };
    }

    private FuzzCase Update()
    {
        var (kind, version) = random.PickFrom(kinds);
        var tree = Item(kind, version);
        return new FuzzCase("PUT", PathOf(kind, version, Target()) + Subresource(kind) + query.OfWrite(MustBeDry(kind))) { Body = json.Bytes(tree), ContentType = ContentType() };
    }

    private FuzzCase Patch()
    {
        // Some kinds have objects to be patched; of the others only apply makes one.
        var (kind, version) = random.Chance(0.6) ? random.PickFrom([.. kinds.Where(k => FuzzObjects.Kinds.Contains(k.Kind.Names.Kind))]) : random.PickFrom(kinds);
        var name = Target();
        var (type, body) = patches.Next(kind, version, name);
        return new FuzzCase("PATCH", PathOf(kind, version, name) + Subresource(kind) + query.OfWrite(MustBeDry(kind))) { Body = body, ContentType = type };
    }

    private FuzzCase Delete()
    {
        var (kind, version) = random.PickFrom(kinds);
        var all = random.Chance(0.3);
        var body = random.Chance(0.5) ? json.Bytes(new JsonObject { ["kind"] = "DeleteOptions", ["preconditions"] = json.Any(), ["propagationPolicy"] = random.Text(), [random.Text()] = json.Any() }) : null;
        return new FuzzCase("DELETE", PathOf(kind, version, all ? null : Target()) + query.OfWrite(dry: true)) { Body = body };
    }

    private FuzzCase Read()
    {
        var (kind, version) = random.PickFrom(kinds);
        return random.Chance(0.3)
            ? new FuzzCase("GET", PathOf(kind, version, Target()) + Subresource(kind) + query.OfList())
            : new FuzzCase("GET", PathOf(kind, version) + query.OfList());
    }

    private FuzzCase Path()
    {
        var path = random.Below(4) switch
        {
            0 => string.Concat(Enumerable.Range(0, random.Below(8)).Select(_ => "/" + RandomQuery.Escape(random.Text()))),
            1 => "/" + random.Pick("api", "apis", "api/v1", "apis/apps/v1", "version", "openapi/v3", "openapi/v3/apis/apps", "healthz", "readyz", "livez", "metrics", "logs", "debug/pprof", "dashboard", ".well-known/openid-configuration")
                + "/" + RandomQuery.Escape(random.Text()),
            2 => $"/api/v1/namespaces/{ns}/{random.Pick("pods", "services", "nodes", "configmaps", "bindings")}/{RandomQuery.Escape(random.Name())}/"
                + random.Pick("proxy/a", "exec?command=a", "attach", "portforward", "log", "binding", "eviction", "token", "status", "scale", "ephemeralcontainers", "resize", RandomQuery.Escape(random.Text())),
            _ => random.Pick("//", "/api//v1/pods", "/api/v1/watch/pods?timeoutSeconds=1", "/api/v1/namespaces//pods", "/apis/" + RandomQuery.Escape(random.Text()) + "/v1/pods", "/api/v1/namespaces/%2e%2e/pods", "/%", "/%00", "/api/v1/namespaces/default/pods/a%2fb"),
        };
        return new FuzzCase(random.Pick("GET", "GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "FOO"), path.Length > 0 ? path : "/") { Body = random.Chance(0.2) ? random.Bytes(40) : null };
    }

    private FuzzCase WithHeaders()
    {
        var (kind, version) = random.PickFrom(kinds);
        string[] names =
        [
            "Accept", "Accept-Encoding", "Content-Encoding", "Content-Type", "Authorization", "Impersonate-User", "Impersonate-Group", "Impersonate-Uid", "Impersonate-Extra-a", "Impersonate-Extra-%zz", "If-None-Match", "If-Match",
            "Range", "Origin", "X-Forwarded-For", "traceparent", "tracestate", "baggage", "User-Agent", "Expect", "Sec-WebSocket-Key", "X-Stream-Protocol-Version", "Kubectl-Command", "Cookie",
        ];
        var headers = Enumerable.Range(0, 1 + random.Below(4)).Select(_ => (random.PickFrom(names), HeaderValue())).ToList();
        return random.Chance(0.6)
            ? new FuzzCase("GET", PathOf(kind, version, random.Chance(0.5) ? Target() : null) + "?limit=3") { Headers = headers }
            : new FuzzCase("POST", PathOf(kind, version) + "?dryRun=All") { Headers = headers, Body = json.Bytes(Item(kind, version)), ContentType = HeaderValue() };
    }

    private string HeaderValue() => random.Below(4) switch
    {
        0 => new string([.. random.Text().Where(c => c is >= ' ' and < '\u007f')]),
        1 => random.Pick("application/json;as=Table;v=v1;g=meta.k8s.io", "application/json;as=Table", "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1", "application/vnd.kubernetes.protobuf", "*/*;q=2", "a/b;q=x, */*",
            "application/json;as=;;;", "application/apply-patch+yaml", "gzip;q=0", "gzip, deflate", "text/html", "application/cbor", ","),
        2 => random.Pick("Bearer", "Bearer a.b.c", "Basic !!!!", "Bearer eyJhbGciOiJub25lIn0.e30.", "system:masters", "system:serviceaccount:a:b", "system:anonymous", "system:node:n"),
        _ => random.Pick("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "00-0-0-0", "bytes=0-1", "\"*\"", "websocket", "100-continue", "SPDY/3.1", "%00", "\t"),
    };

    private FuzzCase CheckedProgram()
    {
        var policy = PolicyOf("checked", cel.Next());
        var spec = policy["spec"]!.AsObject();
        if (random.Chance(0.3))
        {
            spec["variables"] = new JsonArray(new JsonObject { ["name"] = random.Chance(0.8) ? "v" : random.Text(), ["expression"] = cel.Next() });
        }

        if (random.Chance(0.3))
        {
            spec["matchConditions"] = new JsonArray(new JsonObject { ["name"] = "m", ["expression"] = cel.Next() });
        }

        if (random.Chance(0.3))
        {
            spec["validations"]![0]!["messageExpression"] = cel.Next();
        }

        return new FuzzCase("POST", Policies + "?dryRun=All") { Body = json.Bytes(policy) };
    }

    private FuzzCase EvaluatedProgram()
    {
        var policy = PolicyOf(Policy, cel.Next());
        return new FuzzCase("PUT", $"{Policies}/{Policy}") { Body = Encoding.UTF8.GetBytes(policy.ToJsonString()) };
    }

    private FuzzCase Rule()
    {
        var crd = new JsonObject
        {
            ["apiVersion"] = "apiextensions.k8s.io/v1",
            ["kind"] = "CustomResourceDefinition",
            ["metadata"] = new JsonObject { ["name"] = "foos.fuzz.example.org" },
            ["spec"] = new JsonObject
            {
                ["group"] = "fuzz.example.org",
                ["scope"] = "Namespaced",
                ["names"] = new JsonObject { ["plural"] = "foos", ["singular"] = "foo", ["kind"] = "Foo", ["listKind"] = "FooList" },
                ["versions"] = new JsonArray(new JsonObject
                {
                    ["name"] = "v1",
                    ["served"] = true,
                    ["storage"] = true,
                    ["schema"] = new JsonObject
                    {
                        ["openAPIV3Schema"] = new JsonObject
                        {
                            ["type"] = "object",
                            ["properties"] = new JsonObject
                            {
                                ["spec"] = new JsonObject
                                {
                                    ["type"] = "object",
                                    ["properties"] = new JsonObject { ["a"] = new JsonObject { ["type"] = "string", ["maxLength"] = 20 }, ["x"] = new JsonObject { ["type"] = "array", ["maxItems"] = 5, ["items"] = new JsonObject { ["type"] = "integer" } } },
                                    ["x-kubernetes-validations"] = new JsonArray(new JsonObject { ["rule"] = cel.Next(), ["messageExpression"] = random.Chance(0.3) ? cel.Next() : "'no'" }),
                                },
                            },
                        },
                    },
                }),
            },
        };
        if (random.Chance(0.6))
        {
            json.Mutate(crd["spec"]!);
        }

        return new FuzzCase("POST", Definitions + "?dryRun=All") { Body = json.Bytes(crd) };
    }

    private FuzzCase Protobuf()
    {
        var (kind, version) = random.PickFrom(kinds);
        byte[] body = [.. "k8s\0"u8, 10, (byte)(version.ApiVersion.Length + kind.Names.Kind.Length + 4), 10, (byte)version.ApiVersion.Length, .. Encoding.UTF8.GetBytes(version.ApiVersion), 18, (byte)kind.Names.Kind.Length,
            .. Encoding.UTF8.GetBytes(kind.Names.Kind), 18, .. random.Bytes(120)];
        return new FuzzCase("POST", PathOf(kind, version) + "?dryRun=All") { Body = body, ContentType = "application/vnd.kubernetes.protobuf" };
    }

    private JsonObject PolicyOf(string name, string expression) => new()
    {
        ["apiVersion"] = "admissionregistration.k8s.io/v1",
        ["kind"] = "ValidatingAdmissionPolicy",
        ["metadata"] = new JsonObject { ["name"] = name },
        ["spec"] = new JsonObject
        {
            ["matchConstraints"] = new JsonObject
            {
                ["resourceRules"] = new JsonArray(new JsonObject { ["apiGroups"] = new JsonArray(""), ["apiVersions"] = new JsonArray("v1"), ["operations"] = new JsonArray("CREATE"), ["resources"] = new JsonArray("configmaps") }),
            },
            ["validations"] = new JsonArray(new JsonObject { ["expression"] = expression }),
        },
    };

    private JsonNode? Item(ResourceDefinition kind, ServedVersion version)
    {
        if (random.Chance(0.05))
        {
            return json.Any();
        }

        var made = json.Of(version.Schema) as JsonObject ?? [];
        if (random.Chance(0.95))
        {
            (made["apiVersion"], made["kind"]) = (version.ApiVersion, kind.Names.Kind);
        }

        if (random.Chance(0.85))
        {
            made["metadata"] = new JsonObject { ["name"] = random.Name() };
        }

        return made;
    }

    // What reaches beyond the client's namespace only pretends: a webhook for everything would end the test, not the server.
    private bool MustBeDry(ResourceDefinition kind) => !kind.Names.Namespaced || random.Chance(0.96);

    private string Target() => random.Chance(0.5) ? FuzzObjects.Name : random.Name();

    private string Subresource(ResourceDefinition kind) => random.Chance(0.8) ? "" : "/" + random.PickFrom([.. kind.Subresources.Select(s => s.Name), "status", "scale", RandomQuery.Escape(random.Text())]);

    private string ContentType() => random.Chance(0.95) ? "application/json" : random.Pick("application/yaml", "text/plain", "application/vnd.kubernetes.protobuf", "application/json; charset=x", "", "a/b/c", "application/cbor");

    private string PathOf(ResourceDefinition kind, ServedVersion version, string? name = null)
    {
        var root = version.Group.Length == 0 ? "/api/" + version.Version : $"/apis/{version.Group}/{version.Version}";
        var middle = kind.Names.Namespaced ? $"/namespaces/{(random.Chance(0.97) ? ns : RandomQuery.Escape(random.Text()))}" : "";
        return $"{root}{middle}/{kind.Names.Plural}{(name is null ? "" : "/" + RandomQuery.Escape(name))}";
    }
}
