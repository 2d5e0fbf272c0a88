using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Schemas;

namespace GrainKube.ApiMachinery.ManagedFields;

/// <summary>The places that an object's text names: what its author claims by applying it.</summary>
internal static class ObjectFields
{
    /// <exception cref="FormatException">It does not fit the schema: an unknown field, an element without its key or that comes twice; the message begins with the path.</exception>
    public static FieldSet Of(JsonObject item, Schema schema)
    {
        var set = new FieldSet();
        Visit(item, schema, set, "");
        return set;
    }

    private static void Visit(JsonNode? value, Schema? schema, FieldSet set, string path)
    {
        if (ListSteps.IsLeaf(value, schema))
        {
            set.IsMember = true;
            return;
        }

        if (value is JsonObject fields)
        {
            VisitFields(fields, schema, set, path);
        }
        else
        {
            VisitElements((JsonArray)value!, schema!, set, path);
        }
    }

    private static void VisitFields(JsonObject fields, Schema? schema, FieldSet set, string path)
    {
        foreach (var (name, value) in fields)
        {
            var field = ListSteps.Field(schema, name);
            if (field is null && ListSteps.IsStruct(schema) && !schema!.PreserveUnknownFields)
            {
                throw new FormatException($"{path}.{name}: field not declared in schema");
            }

            var child = set.At("f:" + name);
            Visit(value, field, child, $"{path}.{name}");
            if (value is null or JsonObject { Count: 0 } or JsonArray { Count: 0 } || (schema is not null && !schema.Properties.ContainsKey(name)))
            {
                child.IsMember = true;
            }
        }
    }

    private static void VisitElements(JsonArray list, Schema schema, FieldSet set, string path)
    {
        foreach (var element in list)
        {
            string step;
            try
            {
                step = ListSteps.StepOf(element, schema);
            }
            catch (FormatException missing)
            {
                throw new FormatException($"{path}: element {list.IndexOf(element)}: {missing.Message}", missing);
            }

            if (set.Find(step) is not null)
            {
                throw new FormatException($"{path}: duplicate entries for key {FieldPaths.Show(step)}");
            }

            var child = set.At(step);
            Visit(element, schema.Items, child, path + FieldPaths.Show(step));
            child.IsMember = true;
        }
    }
}
