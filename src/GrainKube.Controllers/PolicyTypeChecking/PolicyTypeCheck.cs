using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Cel;
using GrainKube.ApiMachinery.Cel.Policies;
using GrainKube.ApiMachinery.Cel.Rules;
using GrainKube.ApiMachinery.Cel.Syntax;
using GrainKube.ApiMachinery.Definitions;

namespace GrainKube.Controllers.PolicyTypeChecking;

/// <summary>Checks the expressions of a ValidatingAdmissionPolicy against the types of the kinds that it names. Nothing is checked for wildcards.</summary>
internal static class PolicyTypeCheck
{
    /// <summary>Upstream looks at no more kinds of one rule.</summary>
    private const int MostKinds = 10;

    /// <returns>The entries of <c>status.typeChecking.expressionWarnings</c>.</returns>
    public static JsonArray Warnings(JsonObject spec, ResourceRegistry registry)
    {
        var kinds = Kinds(spec, registry);
        var warnings = new JsonArray();
        var validations = spec["validations"] as JsonArray ?? [];
        for (var i = 0; i < validations.Count; i++)
        {
            foreach (var field in new[] { "expression", "messageExpression" })
            {
                if ((string?)validations[i]?[field] is not { Length: > 0 } text)
                {
                    continue;
                }

                var complaints = kinds.Select(k => Complaint(k, text, spec, registry)).OfType<string>().ToList();
                if (complaints.Count > 0)
                {
                    warnings.Add(new JsonObject { ["fieldRef"] = $"spec.validations[{i}].{field}", ["warning"] = string.Join("\n", complaints) });
                }
            }
        }

        return warnings;
    }

    private static string? Complaint((ServedVersion Version, string Kind) item, string text, JsonObject spec, ResourceRegistry registry)
    {
        var type = SchemaTypes.Of(item.Version.Schema, isResource: true);
        var parameters = spec["paramKind"] is { } given ? TypeOf((string?)given["apiVersion"] ?? "", (string?)given["kind"] ?? "", registry) : null;
        Dictionary<string, CelType> variables = new(StringComparer.Ordinal);
        foreach (var variable in spec["variables"] as JsonArray ?? [])
        {
            // What a wrong variable is, nobody knows; the expression that uses it is not blamed.
            variables[(string?)variable?["name"] ?? ""] = TryCompile((string?)variable?["expression"] ?? "", PolicyTypes.Environment(type, parameters, new Dictionary<string, CelType>(variables)), out _) ?? CelType.Dyn;
        }

        return TryCompile(text, PolicyTypes.Environment(type, parameters, variables), out var complaint) is null ? $"{item.Version.ApiVersion}, Kind={item.Kind}: {complaint}\n" : null;
    }

    private static CelType? TryCompile(string text, CelEnvironment environment, out string complaint)
    {
        complaint = "";
        try
        {
            return CelProgram.Compile(text, environment).Type;
        }
        catch (CelCompileException wrong)
        {
            complaint = wrong.Message;
            return null;
        }
    }

    private static CelType TypeOf(string apiVersion, string kind, ResourceRegistry registry) =>
        registry.TryFindKind(apiVersion, kind, out var definition) ? SchemaTypes.Of(definition.Versions.First(v => v.ApiVersion == apiVersion).Schema, isResource: true) : CelType.Dyn;

    private static List<(ServedVersion Version, string Kind)> Kinds(JsonObject spec, ResourceRegistry registry)
    {
        List<(ServedVersion Version, string Kind)> kinds = [];
        foreach (var rule in spec["matchConstraints"]?["resourceRules"] as JsonArray ?? [])
        {
            var found =
                from @group in Texts(rule?["apiGroups"], "*")
                from version in Texts(rule?["apiVersions"], "*")
                from resource in Texts(rule?["resources"], "*", whole: false)
                let served = registry.TryFindServed(@group, version, resource, out var definition, out var at) ? (at, definition.Names.Kind) : default
                where served.at is not null
                select (served.at, served.Kind);
            kinds.AddRange(found.Take(MostKinds));
        }

        return [.. kinds.DistinctBy(k => (k.Version.ApiVersion, k.Kind)).OrderBy(k => k.Version.Group, StringComparer.Ordinal).ThenBy(k => k.Version.Version, StringComparer.Ordinal).ThenBy(k => k.Kind, StringComparer.Ordinal)];
    }

    /// <summary>A wildcard among groups or versions ends the matter for the rule; among resources, as a subresource, it is only left out.</summary>
    private static List<string> Texts(JsonNode? list, string wildcard, bool whole = true)
    {
        var texts = (list as JsonArray ?? []).Select(t => (string?)t ?? "").ToList();
        return whole
            ? texts.Exists(t => t.Contains(wildcard, StringComparison.Ordinal)) ? [] : [.. texts.Order(StringComparer.Ordinal)]
            : [.. texts.Where(t => t.AsSpan().IndexOfAny('*', '/') < 0).Order(StringComparer.Ordinal)];
    }
}
