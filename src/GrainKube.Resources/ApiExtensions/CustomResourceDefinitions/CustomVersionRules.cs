using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Tables;
using GrainKube.ApiMachinery.Validation;

namespace GrainKube.Resources.ApiExtensions.CustomResourceDefinitions;

/// <summary><c>spec.versions</c>.</summary>
internal static class CustomVersionRules
{
    private static readonly string[] ColumnTypes = ["boolean", "date", "integer", "number", "string"];
    private static readonly string[] ColumnFormats = ["byte", "date", "date-time", "double", "float", "int32", "int64", "password"];

    /// <param name="spec">The definition's.</param>
    /// <param name="current">What it was; null on create.</param>
    /// <param name="at">Its place.</param>
    public static void Check(JsonObject spec, JsonObject? current, FieldErrors at)
    {
        var versions = spec.Objects("versions").ToList();
        for (var i = 0; i < versions.Count; i++)
        {
            if (versions[i].Object("schema").Object("openAPIV3Schema") is null)
            {
                at.At("versions").At(i).At("schema").At("openAPIV3Schema").Required("schemas are required");
            }
        }

        for (var i = 0; i < versions.Count; i++)
        {
            var before = current.Objects("versions").FirstOrDefault(v => v.Text("name") == versions[i].Text("name"));
            Version(versions[i], before, at.At("versions").At(i));
        }

        if (versions.DistinctBy(v => v.Text("name")).Count() < versions.Count)
        {
            at.At("versions").Invalid(spec["versions"], "must contain unique version names");
        }

        if (versions.Count(v => v.Flag("storage")) != 1)
        {
            at.At("versions").Invalid(spec["versions"], "must have exactly one version marked as storage version");
        }
    }

    private static void Version(JsonObject version, JsonObject? current, FieldErrors at)
    {
        if (NameRules.Dns1035Label(version.Text("name")) is { Count: > 0 } complaints)
        {
            at.At("name").Invalid(version.Text("name"), string.Join(",", complaints));
        }

        if (version["deprecationWarning"] is not null)
        {
            Deprecation(version, at.At("deprecationWarning"));
        }

        var schema = version.Object("schema").Object("openAPIV3Schema");
        if (schema is not null)
        {
            var place = at.At("schema").At("openAPIV3Schema");
            if (version.Object("subresources")?["status"] is not null)
            {
                RootSchemaRules.Check(schema, place);
            }

            var before = at.All.Count;
            var wasLetIn = JsonNode.DeepEquals(schema, current.Object("schema").Object("openAPIV3Schema"));
            SchemaRules.Check(schema, wasLetIn, place);
            var isStructural = at.All.Count == before;
            SchemaExpressions.Check(schema, isStructural, wasLetIn, place);
        }

        Scale(version.Object("subresources").Object("scale"), at.At("subresources"));
        var columns = version.Objects("additionalPrinterColumns").ToList();
        for (var i = 0; i < columns.Count; i++)
        {
            Column(columns[i], at.At("additionalPrinterColumns").At(i));
        }

        Selectable(version, schema, at);
    }

    private static void Deprecation(JsonObject version, FieldErrors at)
    {
        var text = version.Text("deprecationWarning");
        if (!version.Flag("deprecated"))
        {
            at.Invalid(text, "can only be set for deprecated versions");
        }
        else if (text.Length == 0)
        {
            at.Invalid(text, "must not be an empty string");
        }
        else if (text.Length > 256)
        {
            at.Invalid(text, "must be <= 256 characters long");
        }
    }

    private static void Scale(JsonObject? scale, FieldErrors at)
    {
        if (scale is null)
        {
            return;
        }

        Path(scale, "specReplicasPath", [".spec."], "should be a json path under .spec", required: true, at);
        Path(scale, "statusReplicasPath", [".status."], "should be a json path under .status", required: true, at);
        Path(scale, "labelSelectorPath", [".spec.", ".status."], "should be a json path under either .spec or .status", required: false, at);
    }

    private static void Path(JsonObject scale, string name, string[] below, string complaint, bool required, FieldErrors at)
    {
        var path = scale.Text(name);
        if (path.Length == 0)
        {
            if (required)
            {
                at.At($"scale.{name}").Required();
            }
        }
        else if (!path.StartsWith('.'))
        {
            at.At($"scale.{name}").Invalid(path, "must be a simple json path starting with .");
        }
        else if (!below.Any(b => path.StartsWith(b, StringComparison.Ordinal)))
        {
            at.At($"scale.{name}").Invalid(path, complaint);
        }
    }

    private static void Column(JsonObject column, FieldErrors at)
    {
        var type = column.Text("type");
        if (column.Text("name").Length == 0)
        {
            at.At("name").Required();
        }

        if (type.Length == 0)
        {
            at.At("type").Required($"must be one of {string.Join(",", ColumnTypes)}");
        }
        else if (!ColumnTypes.Contains(type))
        {
            at.At("type").Invalid(type, $"must be one of {string.Join(",", ColumnTypes)}");
        }

        if (column.Text("format") is { Length: > 0 } format && !ColumnFormats.Contains(format))
        {
            at.At("format").Invalid(format, $"must be one of {string.Join(",", ColumnFormats)}");
        }

        if (column.Text("jsonPath").Length == 0)
        {
            at.At("JSONPath").Required();
        }
        else if (column.Text("jsonPath")[0] != '.')
        {
            at.At("JSONPath").Invalid(column.Text("jsonPath"), "must be a simple json path starting with .");
        }
    }

    private static void Selectable(JsonObject version, JsonObject? schema, FieldErrors at)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var fields = version.Objects("selectableFields").Select(f => f.Text("jsonPath")).ToList();
        for (var i = 0; i < fields.Count; i++)
        {
            var place = at.At("selectableFields").At(i).At("jsonPath");
            if (fields[i].Length == 0)
            {
                place.Required();
            }
            else if (!Parses(fields[i], place) || fields[i].StartsWith(".metadata.", StringComparison.Ordinal))
            {
                if (fields[i].StartsWith(".metadata.", StringComparison.Ordinal))
                {
                    place.Invalid(fields[i], "must not point to fields in metadata");
                }
            }
            else if (TypeAt(schema, fields[i]) is not ("string" or "boolean" or "integer"))
            {
                place.Invalid(fields[i], "must point to a field of type string, boolean or integer. Enum string fields and strings with formats are allowed.");
            }
            else if (!seen.Add(fields[i]))
            {
                place.Duplicate(fields[i]);
            }
        }

        if (seen.Count > 8)
        {
            at.At("selectableFields").TooMany(seen.Count, 8);
        }
    }

    private static string TypeAt(JsonObject? schema, string path)
    {
        foreach (var step in path.TrimStart('.').Split('.'))
        {
            schema = schema.Object("properties").Object(step);
        }

        return schema.Text("type");
    }

    private static bool Parses(string path, FieldErrors at)
    {
        try
        {
            JsonPath.Parse(path);
            return true;
        }
        catch (FormatException wrong)
        {
            at.Invalid(path, $"is an invalid path: {wrong.Message}");
            return false;
        }
    }
}
