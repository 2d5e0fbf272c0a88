using System.Text;
using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Definitions;
using GrainKube.ApiMachinery.Identity;
using GrainKube.ApiMachinery.Schemas;
using GrainKube.ApiMachinery.Validation;
using Xunit;

namespace GrainKube.Resources.Tests;

/// <summary>What the write pipeline does to an object of a kind, without a store: decode, default, prepare, validate.</summary>
internal static class Written
{
    /// <summary>The object as a create would store it, and every error found in it, sorted.</summary>
    public static (JsonObject Item, string[] Errors) Create(string resource, string json)
    {
        var definition = Definition(resource);
        var item = Decode(definition, json);
        if (definition.HasStatus && !definition.KeepsStatusOnCreate)
        {
            item.Remove("status");
        }

        Default(definition, item);
        definition.Strategy.PrepareForCreate(item, Scope(""));
        return (item, Problems(definition, item, null, ""));
    }

    /// <summary>The object as an update would store it.</summary>
    public static (JsonObject Item, string[] Errors) Update(string resource, JsonObject current, Action<JsonObject> change, string subresource = "")
    {
        var definition = Definition(resource);
        var next = current.DeepClone().AsObject();
        change(next);
        next = Decode(definition, next.ToJsonString());
        Default(definition, next);
        if (subresource == "status")
        {
            definition.Strategy.PrepareForStatusUpdate(next, current, Scope(subresource));
        }
        else
        {
            definition.Strategy.PrepareForUpdate(next, current, Scope(subresource));
        }

        return (next, Problems(definition, next, current, subresource));
    }

    /// <summary>The object made from <paramref name="before"/>, after the members of <paramref name="after"/> were put in place of its own.</summary>
    public static (JsonObject Item, string[] Errors) Change(string resource, string before, string after) =>
        Update(resource, Create(resource, before).Item, item =>
        {
            foreach (var (name, value) in JsonNode.Parse(after)!.AsObject().ToArray())
            {
                item[name] = value?.DeepClone();
            }
        });

    /// <summary>What whoever creates the object is warned of; it must have no errors.</summary>
    public static string[] Warnings(string resource, string json) => WarningsOf(Definition(resource), Create(resource, json).Item, null);

    /// <summary>What whoever puts the members of <paramref name="after"/> in place of the object's own is warned of.</summary>
    public static string[] WarningsOfChange(string resource, string before, string after)
    {
        var current = Create(resource, before).Item;
        var (next, _) = Change(resource, before, after);
        if (!JsonNode.DeepEquals(next["spec"], current["spec"]))
        {
            next["metadata"]!["generation"] = 7;
        }

        return WarningsOf(Definition(resource), next, current);
    }

    /// <summary>The errors found are these and no others; of each the beginning is given.</summary>
    public static void AssertBegins(string[] expected, string[] found)
    {
        Assert.Equal(expected.Length, found.Length);
        Assert.All(expected.Zip(found), pair => Assert.StartsWith(pair.First, pair.Second, StringComparison.Ordinal));
    }

    public static ResourceDefinition Definition(string resource) => BuiltInResources.All.Single(d => d.GroupResource.ToString() == resource);

    private static WriteScope Scope(string subresource) => new(UserInfo.Server, subresource, Sample.Now, false);

    private static JsonObject Decode(ResourceDefinition definition, string json)
    {
        var names = definition.Names;
        var item = ObjectDecoder.Decode(Encoding.UTF8.GetBytes(json), definition.Schema, new DecodeTarget(names.Group, names.Version, names.Kind));
        if (names.Namespaced)
        {
            item["metadata"]!["namespace"] = "mach";
        }

        return item;
    }

    private static void Default(ResourceDefinition definition, JsonObject item)
    {
        SchemaDefaults.Apply(item, definition.Schema);
        definition.Defaults?.Apply(item);
    }

    private static string[] WarningsOf(ResourceDefinition definition, JsonObject item, JsonObject? current)
    {
        var (errors, warnings) = (new FieldErrors(), new List<string>());
        definition.Validate(item, current is null ? null : new StoredObject(current), "", errors, warnings);
        Assert.Empty(errors.All);
        return [.. warnings];
    }

    private static string[] Problems(ResourceDefinition definition, JsonObject item, JsonObject? current, string subresource)
    {
        var errors = new FieldErrors();
        definition.Validate(item, current is null ? null : new StoredObject(current), subresource, errors, []);
        return [.. errors.All.Select(e => e.ToString()).Order(StringComparer.Ordinal)];
    }
}
