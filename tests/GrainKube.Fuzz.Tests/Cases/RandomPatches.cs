using System.Text;
using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Definitions;

namespace GrainKube.Fuzz.Tests.Cases;

/// <summary>Patches of the four kinds, with their directives in the right and in the wrong places.</summary>
internal sealed class RandomPatches(FuzzRandom random, RandomJson json)
{
    public (string ContentType, byte[] Body) Next(ResourceDefinition kind, ServedVersion version, string name) => random.Below(9) switch
    {
        0 or 1 => ("application/json-patch+json", json.Bytes(new JsonArray([.. Enumerable.Range(0, random.Below(4)).Select(_ => (JsonNode?)Operation())]))),
        2 => ("application/merge-patch+json", json.Bytes(json.Any())),
        3 => ("application/merge-patch+json", json.Bytes(Nulled(json.Of(version.Schema)))),
        4 or 5 => ("application/strategic-merge-patch+json", json.Bytes(Directed(json.Of(version.Schema)))),
        6 => ("application/apply-patch+yaml", Encoding.UTF8.GetBytes(Yaml())),
        7 => (random.Pick("application/apply-patch+yaml", "text/plain", "application/json", "application/apply-patch+cbor", ";;;", "application/merge-patch+json; charset=\"utf-16\""), random.Bytes(200)),
        _ => ("application/apply-patch+yaml", json.Bytes(Whole(kind, version, name))),
    };

    private JsonObject Operation()
    {
        var made = new JsonObject { ["op"] = random.Chance(0.9) ? random.Pick("add", "remove", "replace", "move", "copy", "test") : random.Text(), ["path"] = Pointer() };
        if (random.Chance(0.7))
        {
            made["value"] = json.Any();
        }

        if (random.Chance(0.4))
        {
            made["from"] = Pointer();
        }

        return made;
    }

    private string Pointer() => random.Below(5) switch
    {
        0 => random.Text(),
        1 => "/metadata/" + random.Pick("labels", "annotations", "name", "uid", "resourceVersion", "finalizers/-", "finalizers/0", "managedFields", "ownerReferences/-", "creationTimestamp"),
        2 => "/spec/" + random.Pick("replicas", "template/spec/containers/0/image", "template/spec/containers/-", "containers/99", "selector", "", "ports/-1", "ports/01", "~0~1~2"),
        3 => random.Pick("", "/", "/data", "/data/a~1b", "/status", "/status/conditions/-", "/kind", "/apiVersion"),
        _ => string.Concat(Enumerable.Range(0, random.Below(5)).Select(_ => "/" + random.Text())),
    };

    private JsonNode? Nulled(JsonNode? tree)
    {
        if (tree is not null)
        {
            json.Mutate(tree);
        }

        return tree;
    }

    private JsonNode? Directed(JsonNode? tree)
    {
        if (tree is JsonObject root)
        {
            Direct(root, 0);
        }

        return tree;
    }

    private void Direct(JsonObject item, int depth)
    {
        foreach (var (name, value) in item.ToList())
        {
            if (value is JsonObject below && depth < 6)
            {
                Direct(below, depth + 1);
            }
            else if (value is JsonArray list)
            {
                foreach (var element in list.OfType<JsonObject>())
                {
                    Direct(element, depth + 1);
                }

                if (random.Chance(0.2))
                {
                    item[(random.Chance(0.5) ? "$setElementOrder/" : "$deleteFromPrimitiveList/") + name] = random.Chance(0.7) ? list.DeepClone() : json.Any();
                }
            }
        }

        if (random.Chance(0.15))
        {
            item["$patch"] = random.Chance(0.8) ? random.Pick("replace", "delete", "merge") : json.Any();
        }

        if (random.Chance(0.1))
        {
            item["$retainKeys"] = random.Chance(0.7) ? new JsonArray([.. item.Take(2).Select(p => (JsonNode)p.Key)]) : json.Any();
        }
    }

    private JsonNode Whole(ResourceDefinition kind, ServedVersion version, string name)
    {
        var made = json.Of(version.Schema) as JsonObject ?? [];
        (made["apiVersion"], made["kind"]) = (version.ApiVersion, kind.Names.Kind);
        var metadata = new JsonObject { ["name"] = name };
        if (random.Chance(0.2))
        {
            metadata["managedFields"] = json.Any();
        }

        made["metadata"] = metadata;
        return made;
    }

    private string Yaml() => random.Below(5) switch
    {
        0 => "a: &a [*a, *a]\n",
        1 => "a: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]\nd: [*c,*c]\n",
        2 => "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: n1}\n--- \n- second\n",
        3 => "? [complex]\n: key\n<<: {a: !!binary x}\n",
        _ => "apiVersion: v1\nkind: " + random.Text() + "\n" + random.Text() + ": " + random.Text() + "\n",
    };
}
