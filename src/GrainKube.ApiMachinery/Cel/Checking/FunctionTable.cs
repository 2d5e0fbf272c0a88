namespace GrainKube.ApiMachinery.Cel.Checking;

/// <summary>The functions of an environment. Signatures are written as text: <c>list(A), A -> int</c>; a single capital letter is any type.</summary>
internal sealed class FunctionTable
{
    private readonly Dictionary<string, List<Overload>> functions = new(StringComparer.Ordinal);
    private readonly Dictionary<string, CallCost> costs = new(StringComparer.Ordinal);

    public void Global(string name, string signature, Implementation body) => Add(name, signature, member: false, body);

    public void Member(string name, string signature, Implementation body) => Add(name, signature, member: true, body);

    /// <summary>Several signatures with one body, which looks at the kinds itself.</summary>
    public void Operator(string name, Implementation body, params ReadOnlySpan<string> signatures)
    {
        foreach (var signature in signatures)
        {
            Add(name, signature, member: false, body, checksItself: true);
        }
    }

    /// <summary>Says what calls of these functions cost; others cost one.</summary>
    public void Costs(CallCost cost, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            costs[name] = cost;
        }
    }

    public bool Has(string name) => functions.ContainsKey(name);

    public IReadOnlyList<Overload> Find(string name) => functions.TryGetValue(name, out var found) ? found : [];

    public CallCost? CostOf(string name) => costs.GetValueOrDefault(name);

    private void Add(string name, string signature, bool member, Implementation body, bool checksItself = false)
    {
        if (!functions.TryGetValue(name, out var overloads))
        {
            functions[name] = overloads = [];
        }

        var (parameters, result) = Signature.Parse(signature);
        overloads.Add(new Overload(parameters, result, member, body, checksItself));
    }
}
