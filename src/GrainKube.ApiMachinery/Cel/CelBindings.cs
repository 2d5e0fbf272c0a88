using GrainKube.ApiMachinery.Cel.Values;

namespace GrainKube.ApiMachinery.Cel;

/// <summary>The values of an environment's variables for one evaluation or several. Not thread safe.</summary>
public sealed class CelBindings
{
    private readonly CelEnvironment environment;
    private readonly CelValue[] values;
    private readonly Func<CelValue>?[] lazy;

    internal CelBindings(CelEnvironment environment)
    {
        this.environment = environment;
        values = new CelValue[environment.VariableCount];
        lazy = new Func<CelValue>?[values.Length];
    }

    /// <exception cref="ArgumentException">The environment declares no such variable.</exception>
    public CelBindings Set(string name, CelValue value)
    {
        values[environment.IndexOf(name)] = value;
        lazy[environment.IndexOf(name)] = null;
        return this;
    }

    /// <summary>Computed when first asked for.</summary>
    /// <exception cref="ArgumentException">The environment declares no such variable.</exception>
    public CelBindings Set(string name, Func<CelValue> value)
    {
        lazy[environment.IndexOf(name)] = value;
        return this;
    }

    internal CelValue Get(int index)
    {
        if (lazy[index] is { } compute)
        {
            values[index] = compute();
            lazy[index] = null;
        }

        return values[index];
    }
}
