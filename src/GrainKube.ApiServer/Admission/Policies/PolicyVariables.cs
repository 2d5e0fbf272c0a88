using GrainKube.ApiMachinery.Cel;
using GrainKube.ApiMachinery.Cel.Values;

namespace GrainKube.ApiServer.Admission.Policies;

/// <summary>What one request gives to a policy's expressions, with the policy's own variables, each computed once when it is first asked for.</summary>
internal sealed class PolicyVariables(PolicyInput input, CelValue? parameters, IReadOnlyList<(string Name, PolicyExpression Expression)> composed, CelBudget budget) : CelMap
{
    private readonly Dictionary<string, CelValue> known = new(StringComparer.Ordinal);

    public override int Count => composed.Count;

    public override IEnumerable<CelValue> Keys => composed.Select(c => CelValue.Of(c.Name));

    public CelBindings Bind(CelEnvironment environment)
    {
        var bindings = environment.Bind()
            .Set("object", input.Object)
            .Set("oldObject", input.OldObject)
            .Set("request", input.Request)
            .Set("namespaceObject", input.Namespace)
            .Set("authorizer", CelValue.Of(input.Authorizer))
            .Set("authorizer.requestResource", CelValue.Of(input.ResourceAuthorizer))
            .Set("variables", CelValue.Of(this));
        return parameters is { } given ? bindings.Set("params", given) : bindings;
    }

    public override bool TryGet(CelValue key, out CelValue value)
    {
        value = default;
        return key.Kind == CelKind.String && TryField(key.AsString, out value);
    }

    public override bool TryField(string name, out CelValue value)
    {
        if (known.TryGetValue(name, out value))
        {
            return true;
        }

        foreach (var (known, expression) in composed)
        {
            if (known == name)
            {
                value = expression.Evaluate(this, budget);
                value = value.IsError ? CelValue.Fail($"composited variable \"{name}\" fails to evaluate: {value.AsError.Message}") : value;
                this.known[name] = value;
                return true;
            }
        }

        return false;
    }
}
