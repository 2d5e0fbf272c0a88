using System.Text.Json.Nodes;

namespace GrainKube.Resources.Autoscaling.HorizontalPodAutoscalers;

/// <summary>
/// One metric, between v2's nested form (<c>metric.name</c>, <c>target.averageValue</c>) and v1's flat one (<c>metricName</c>, <c>targetAverageValue</c>).
/// The member is <c>target</c> in a spec and <c>current</c> in a status; v1 puts the same word before its fields.
/// </summary>
internal static class MetricForms
{
    private static readonly string[] Sources = ["resource", "containerResource", "pods", "object", "external"];

    private static readonly (string V2, string Suffix, string Type)[] Values =
        [("averageUtilization", "AverageUtilization", "Utilization"), ("averageValue", "AverageValue", "AverageValue"), ("value", "Value", "Value")];

    public static JsonObject ToV1(JsonObject metric, string member)
    {
        var flat = metric.DeepClone().AsObject();
        foreach (var source in Sources)
        {
            if (flat[source] is not JsonObject form)
            {
                continue;
            }

            if (form.Remove("metric", out var named))
            {
                form["metricName"] = named?["name"]?.DeepClone();
                form.CarryOver(SelectorName(source), named as JsonObject, "selector");
            }

            // v1 calls the object "target", as v2 calls the numbers: these go first.
            form.Remove(member);
            form.Rename("describedObject", "target");
            if (metric[source]?[member] is JsonObject numbers)
            {
                foreach (var (v2, suffix, _) in Values)
                {
                    form.CarryOver(ValueName(source, member, v2, suffix), numbers, v2);
                }
            }
        }

        return flat;
    }

    public static JsonObject ToV2(JsonObject metric, string member)
    {
        var nested = metric.DeepClone().AsObject();
        foreach (var source in Sources)
        {
            if (nested[source] is not JsonObject form)
            {
                continue;
            }

            form.Rename("target", "describedObject");
            var numbers = new JsonObject();
            foreach (var (v2, suffix, type) in Values)
            {
                if (form.Remove(ValueName(source, member, v2, suffix), out var number) && number is not null)
                {
                    numbers[v2] = number;
                    if (member == "target")
                    {
                        numbers["type"] = type;
                    }
                }
            }

            if (form.Remove("metricName", out var name))
            {
                var identifier = new JsonObject { ["name"] = name };
                form.Rename(SelectorName(source), "selector");
                identifier.CarryOver("selector", form);
                form.Remove("selector");
                form["metric"] = identifier;
            }

            form[member] = numbers;
        }

        return nested;
    }

    private static string SelectorName(string source) => source == "external" ? "metricSelector" : "selector";

    /// <summary>A metric of an object alone has its average without the word before it.</summary>
    private static string ValueName(string source, string member, string v2, string suffix) => source == "object" && v2 == "averageValue" ? v2 : member + suffix;
}
