using System.Reflection;
using System.Text.Json.Nodes;
using k8s.Models;

namespace GrainKube.Reconciliation.CustomResources;

/// <summary>The CustomResourceDefinition that a model stands for. Pure.</summary>
public static class CustomResourceManifest
{
    /// <summary>The definition as it is applied to the cluster; write it to a file to install a custom resource without its reconciler.</summary>
    /// <param name="model">Derives from <see cref="CustomResource{TSpec, TStatus}"/> and carries a <see cref="KubernetesEntityAttribute"/>.</param>
    /// <exception cref="ArgumentException">It does not.</exception>
    public static JsonObject Of(Type model)
    {
        var (spec, status) = PartsOf(model) ?? throw new ArgumentException($"{model} does not derive from CustomResource<,>", nameof(model));
        var entity = model.GetCustomAttribute<KubernetesEntityAttribute>();
        if (entity is not { Group.Length: > 0, ApiVersion.Length: > 0, Kind.Length: > 0, PluralName.Length: > 0 })
        {
            throw new ArgumentException($"{model} needs a [KubernetesEntity] with Group, ApiVersion, Kind and PluralName", nameof(model));
        }

        return new JsonObject
        {
            ["apiVersion"] = "apiextensions.k8s.io/v1",
            ["kind"] = "CustomResourceDefinition",
            ["metadata"] = new JsonObject { ["name"] = $"{entity.PluralName}.{entity.Group}" },
            ["spec"] = new JsonObject
            {
                ["group"] = entity.Group,
                ["names"] = Names(entity, model.GetCustomAttribute<CustomResourceNamesAttribute>() ?? new()),
                ["scope"] = model.GetCustomAttribute<CustomResourceNamesAttribute>() is { IsClusterScoped: true } ? "Cluster" : "Namespaced",
                ["versions"] = new JsonArray(Version(entity.ApiVersion, spec, status)),
            },
        };
    }

    internal static bool IsDefinedBy(Type model) => PartsOf(model) is not null;

    private static JsonObject Names(KubernetesEntityAttribute entity, CustomResourceNamesAttribute more) => new()
    {
        ["kind"] = entity.Kind,
        ["listKind"] = entity.Kind + "List",
        ["plural"] = entity.PluralName,
        ["singular"] = entity.Kind.ToLowerInvariant(),
        ["shortNames"] = new JsonArray([.. more.ShortNames.Select(n => (JsonNode)n)]),
        ["categories"] = new JsonArray([.. more.Categories.Select(n => (JsonNode)n)]),
    };

    private static JsonObject Version(string name, Type spec, Type status) => new()
    {
        ["name"] = name,
        ["served"] = true,
        ["storage"] = true,
        ["schema"] = new JsonObject
        {
            ["openAPIV3Schema"] = new JsonObject
            {
                ["type"] = "object",
                ["required"] = new JsonArray("spec"),
                ["properties"] = new JsonObject { ["spec"] = ModelSchema.Of(spec), ["status"] = ModelSchema.Of(status) },
            },
        },
        ["subresources"] = new JsonObject { ["status"] = new JsonObject() },
        ["additionalPrinterColumns"] = new JsonArray(
        [
            .. Columns(spec, ".spec"),
            .. Columns(status, ".status"),
            new JsonObject { ["name"] = "Age", ["type"] = "date", ["jsonPath"] = ".metadata.creationTimestamp" },
        ]),
    };

    private static IEnumerable<JsonObject> Columns(Type part, string path) =>
        from property in ModelSchema.PropertiesOf(part)
        let column = property.GetCustomAttribute<ColumnAttribute>()
        where column is not null
        let schema = ModelSchema.Of(property.PropertyType)
        select new JsonObject
        {
            ["name"] = column.Name,
            ["type"] = (string?)schema["format"] == "date-time" ? "date" : (string?)schema["type"] ?? "string",
            ["jsonPath"] = $"{path}.{ModelSchema.NameOf(property)}",
            ["priority"] = column.IsWide ? 1 : 0,
        };

    private static (Type Spec, Type Status)? PartsOf(Type model)
    {
        for (var type = model; type is not null; type = type.BaseType)
        {
            if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(CustomResource<,>))
            {
                return (type.GenericTypeArguments[0], type.GenericTypeArguments[1]);
            }
        }

        return null;
    }
}
