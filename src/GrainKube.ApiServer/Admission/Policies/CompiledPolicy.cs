using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Cel;
using GrainKube.ApiMachinery.Cel.Policies;
using GrainKube.ApiMachinery.Cel.Values;
using GrainKube.ApiMachinery.Objects;

namespace GrainKube.ApiServer.Admission.Policies;

/// <summary>What all admission policies have: where they match, conditions, variables. Made once for each version of the object.</summary>
internal abstract class CompiledPolicy
{
    protected CompiledPolicy(KubeObject item, bool patches)
    {
        Name = item.Key.Name;
        Spec = item.ToNode()["spec"] as JsonObject ?? [];
        Match = new PolicyMatch(Spec["matchConstraints"] as JsonObject);
        FailsClosed = (string?)Spec["failurePolicy"] != "Ignore";
        ParamKind = Spec["paramKind"];
        Dictionary<string, CelType> types = new(StringComparer.Ordinal);
        List<(string, PolicyExpression)> variables = [];
        foreach (var variable in Entries("variables"))
        {
            // Each sees those before it.
            var expression = new PolicyExpression(Text(variable, "expression"), EnvironmentWith(types, patches));
            variables.Add((Text(variable, "name"), expression));
            types[Text(variable, "name")] = expression.Type;
        }

        Variables = variables;
        Environment = EnvironmentWith(types, patches);
        Conditions = [.. Entries("matchConditions").Select(c => new PolicyExpression(Text(c, "expression"), Environment, CelType.Bool))];
    }

    public string Name { get; }
    public PolicyMatch Match { get; }

    /// <summary>An error refuses the request.</summary>
    public bool FailsClosed { get; }
    public JsonNode? ParamKind { get; }
    public IReadOnlyList<(string Name, PolicyExpression Expression)> Variables { get; }
    protected JsonObject Spec { get; }
    protected CelEnvironment Environment { get; }
    private PolicyExpression[] Conditions { get; }

    public PolicyVariables Bind(PolicyInput input, CelValue parameters, CelBudget budget) => new(input, ParamKind is null ? null : parameters, Variables, budget);

    /// <summary>False where a match condition says no; that outweighs the errors of others.</summary>
    /// <exception cref="PolicyConfigurationException">None says no, and one cannot be computed.</exception>
    public bool Applies(PolicyVariables variables)
    {
        var budget = new CelBudget(CelBudget.MatchConditions);
        string? error = null;
        foreach (var condition in Conditions)
        {
            var value = condition.Evaluate(variables, budget);
            if (value.IsError)
            {
                error ??= value.AsError.Message;
            }
            else if (!value.IsTrue)
            {
                return false;
            }
        }

        return error is null ? true : throw new PolicyConfigurationException(error);
    }

    protected IEnumerable<JsonObject> Entries(string field) => Spec[field] is JsonArray array ? array.OfType<JsonObject>() : [];

    protected static string Text(JsonObject item, string field) => (string?)item[field] ?? "";

    private CelEnvironment EnvironmentWith(Dictionary<string, CelType> types, bool patches) =>
        PolicyTypes.Environment(CelType.Dyn, ParamKind is null ? null : CelType.Dyn, new Dictionary<string, CelType>(types), patches);
}
