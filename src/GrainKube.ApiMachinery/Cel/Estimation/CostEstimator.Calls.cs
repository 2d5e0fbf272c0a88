using GrainKube.ApiMachinery.Cel.Syntax;

namespace GrainKube.ApiMachinery.Cel.Estimation;

/// <summary>Calls of operators and functions.</summary>
internal sealed partial class CostEstimator
{
    private Estimated Call(CallExpr call)
    {
        var arguments = call.Arguments.Select(Visit).ToArray();
        var below = Sum(arguments.Select(a => a.Cost));
        switch (call.Function)
        {
            case "_&&_" or "_||_":
                return Made(call, new Extent(arguments[0].Cost.Min, below.Max));
            case "_?_:_":
                return Made(
                    call,
                    arguments[0].Cost.Plus(arguments[1].Cost.Or(arguments[2].Cost)),
                    size: arguments[1].Size.Or(arguments[2].Size),
                    entries: EntrySizes.Or(arguments[1].Entries, arguments[2].Entries));
            case "_[_]" when arguments[0].Type.Shape != CelTypeShape.Optional:
                return Made(call, below.Plus(1), arguments[0].Place.Step(root, t => t.Element), arguments[0].Entries?.Value);
            case "_[_]" or "_[?_]":
                return Made(call, below.Plus(1));
            case "dyn":
                return Made(call, below.Plus(1), size: arguments[0].Known, entries: arguments[0].Entries);
        }

        if (tree.Call(call) is not { } resolved)
        {
            return Made(call, below.Plus(1));
        }

        // A name with dots swallows what looks like the target.
        var target = call.Target is not null && tree.WasVisited(call.Target) ? Visit(call.Target) : null;
        var site = new CallSite(resolved.Name, target, arguments, root);
        Extent? cost = null;
        Extent? size = null;
        foreach (var candidate in resolved.Candidates)
        {
            var one = CallPrices.Of(site, candidate);
            cost = cost?.Or(one.Cost) ?? one.Cost;
            size = one.Size is { } result ? size?.Or(result) ?? result : size;
        }

        return Made(
            call,
            (target?.Cost ?? Extent.Zero).Plus(below).Plus(cost ?? Extent.Zero),
            size: size,
            entries: resolved.Name == "_+_" ? EntrySizes.Or(arguments[0].Entries, arguments[1].Entries) : null);
    }
}
