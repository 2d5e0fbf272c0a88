using System.Globalization;
using GrainKube.ApiMachinery.Quantities;
using GrainKube.ApiMachinery.Validation;
using GrainKube.Resources.Core.Pods;
using k8s.Models;

namespace GrainKube.Resources.Core.LimitRanges;

internal sealed class LimitRangeValidator : IValidator<V1LimitRange>
{
    private static readonly string[] Types = ["Pod", "Container", "PersistentVolumeClaim"];

    public void Validate(V1LimitRange item, FieldErrors errors)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < item.Spec?.Limits?.Count; i++)
        {
            var (limit, place) = (item.Spec.Limits[i], errors.At("spec").At("limits").At(i));
            var type = limit.Type ?? "";
            var problems = NameRules.LabelKey(type);
            place.At("type").Report(type, problems);
            if (problems.Count == 0 && !type.Contains('/') && !Types.Contains(type))
            {
                place.At("type").Invalid(type, "must be a standard limit type or fully qualified");
            }

            if (!seen.Add(type))
            {
                place.At("type").Duplicate(type);
            }

            One(limit, type, place);
        }
    }

    private static void One(V1LimitRangeItem limit, string type, FieldErrors errors)
    {
        Names(limit.Max, "max");
        Names(limit.Min, "min");
        if (type == "Pod")
        {
            ForbidIf(limit.DefaultProperty, "default");
            ForbidIf(limit.DefaultRequest, "defaultRequest");
        }
        else
        {
            Names(limit.DefaultProperty, "default");
            Names(limit.DefaultRequest, "defaultRequest");
        }

        if (type == "PersistentVolumeClaim" && limit.Min?.ContainsKey("storage") != true && limit.Max?.ContainsKey("storage") != true)
        {
            errors.At("limits").Required("either minimum or maximum storage value is required, but neither was provided");
        }

        Names(limit.MaxLimitRequestRatio, "maxLimitRequestRatio");
        var isPod = type == "Pod";
        foreach (var name in Keys(limit.Max).Concat(Keys(limit.Min)).Concat(isPod ? [] : Keys(limit.DefaultProperty)).Concat(isPod ? [] : Keys(limit.DefaultRequest))
            .Concat(Keys(limit.MaxLimitRequestRatio)).Distinct(StringComparer.Ordinal))
        {
            new Bounds(
                name,
                Of(limit.Min, name),
                Of(limit.Max, name),
                isPod ? null : Of(limit.DefaultProperty, name),
                isPod ? null : Of(limit.DefaultRequest, name),
                Of(limit.MaxLimitRequestRatio, name)).Check(errors);
        }

        void Names(IDictionary<string, ResourceQuantity>? amounts, string field)
        {
            foreach (var name in Keys(amounts))
            {
                var place = errors.At(field).Key(name);
                if (type is "Pod" or "Container")
                {
                    ResourceNameRules.Container(name, place);
                }
                else
                {
                    ResourceNameRules.Any(name, place);
                }
            }
        }

        void ForbidIf(IDictionary<string, ResourceQuantity>? amounts, string field)
        {
            if (amounts is { Count: > 0 })
            {
                errors.At(field).Forbidden("may not be specified when `type` is 'Pod'");
            }
        }
    }

    private static IEnumerable<string> Keys(IDictionary<string, ResourceQuantity>? amounts) => amounts?.Keys ?? [];

    private static Quantity? Of(IDictionary<string, ResourceQuantity>? amounts, string name) =>
        amounts is not null && amounts.TryGetValue(name, out var amount) ? amount.ToQuantity() : null;

    /// <summary>All that is said of one resource; what is absent compares with nothing.</summary>
    private sealed record Bounds(string Name, Quantity? Min, Quantity? Max, Quantity? Default, Quantity? Request, Quantity? Ratio)
    {
        public void Check(FieldErrors errors)
        {
            if (Min > Max)
            {
                errors.At("min").Key(Name).Invalid(Min.ToString(), $"min value {Min} is greater than max value {Max}");
            }

            var (request, limit) = (errors.At("defaultRequest").Key(Name), errors.At("default").Key(Name));
            if (Min > Request)
            {
                request.Invalid(Request.ToString(), $"min value {Min} is greater than default request value {Request}");
            }

            if (Request > Max)
            {
                request.Invalid(Request.ToString(), $"default request value {Request} is greater than max value {Max}");
            }

            if (Request > Default)
            {
                request.Invalid(Request.ToString(), $"default request value {Request} is greater than default limit value {Default}");
            }

            if (Min > Default)
            {
                limit.Invalid(Min.ToString(), $"min value {Min} is greater than default value {Default}");
            }

            if (Default > Max)
            {
                limit.Invalid(Max.ToString(), $"default value {Default} is greater than max value {Max}");
            }

            CheckRatio(errors.At("maxLimitRequestRatio").Key(Name));
            if (!ResourceNameRules.IsOvercommitAllowed(Name) && Default is not null && Request is not null && Default != Request)
            {
                request.Invalid(Request.ToString(), $"default value {Default} must equal to defaultRequest value {Request} in {Name}");
            }
        }

        private void CheckRatio(FieldErrors errors)
        {
            if (Ratio is not { } ratio)
            {
                return;
            }

            if (ratio < Quantity.FromUnits(1))
            {
                errors.Invalid(ratio.ToString(), $"ratio {ratio} is less than 1");
            }

            if (Min is { } min && Max is { } max && min.Sign != 0 && ratio.MilliValue / 1000.0 > max.MilliValue / (double)min.MilliValue)
            {
                var most = (max.MilliValue / (double)min.MilliValue).ToString("F6", CultureInfo.InvariantCulture);
                errors.Invalid(ratio.ToString(), $"ratio {ratio} is greater than max/min = {most}");
            }
        }
    }
}
