using GrainKube.ApiMachinery.Cel.Values;

namespace GrainKube.ApiMachinery.Cel.Evaluation;

/// <summary>One evaluation: the variables, the places of the macros' variables, and what it has cost.</summary>
internal sealed class EvaluationContext(CelBindings bindings, int slots, long limit)
{
    private readonly CelValue[] slots = slots == 0 ? [] : new CelValue[slots];

    public long Cost { get; private set; }

    public CelValue Variable(int index) => bindings.Get(index);

    public ref CelValue Slot(int index) => ref slots[index];

    /// <exception cref="BudgetException">The limit is passed.</exception>
    public void Charge(long cost)
    {
        if ((Cost += cost) > limit)
        {
            throw new BudgetException();
        }
    }
}

/// <summary>Leaves an evaluation that has become too expensive; it does not leave the interpreter.</summary>
internal sealed class BudgetException : Exception;
