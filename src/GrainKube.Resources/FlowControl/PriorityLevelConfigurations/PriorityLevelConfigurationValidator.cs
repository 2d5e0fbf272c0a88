using GrainKube.ApiMachinery.Validation;
using k8s;
using k8s.Models;

namespace GrainKube.Resources.FlowControl.PriorityLevelConfigurations;

internal sealed class PriorityLevelConfigurationValidator : IValidator<V1PriorityLevelConfiguration>
{
    private const string Exempt = "Exempt";
    private const string Limited = "Limited";
    private const int MaximumQueues = 10_000_000;

    /// <summary>Hands are dealt by a hash that has so many bits to give.</summary>
    private const int HashBits = 60;

    private static readonly Dictionary<string, V1PriorityLevelConfigurationSpec> Mandatory = DefaultFlowControl.Levels()
        .Select(level => KubernetesJson.Deserialize<V1PriorityLevelConfiguration>(level.ToJsonString()))
        .Where(level => DefaultFlowControl.IsMandatory(level.Metadata.Name))
        .ToDictionary(level => level.Metadata.Name, level => level.Spec);

    public void Validate(V1PriorityLevelConfiguration item, FieldErrors errors)
    {
        var (name, spec, place) = (item.Metadata?.Name ?? "", item.Spec, errors.At("spec"));
        if ((name == DefaultFlowControl.Exempt) != (spec.Type == Exempt))
        {
            place.At("type").Invalid(spec.Type ?? "", "type must be 'Exempt' if and only if name is 'exempt'");
        }

        switch (spec.Type)
        {
            case Exempt:
                if (spec.Limited is not null)
                {
                    place.At("limited").Forbidden("must be nil if the type is not Limited");
                }

                Shares(spec.Exempt?.NominalConcurrencyShares, spec.Exempt?.LendablePercent, place.At("exempt"));
                break;
            case Limited:
                if (spec.Exempt is not null)
                {
                    place.At("exempt").Forbidden("must be nil if the type is Limited");
                }

                Limits(spec.Limited, place.At("limited"));
                break;
            default:
                place.At("type").NotSupported(spec.Type ?? "", Exempt, Limited);
                break;
        }

        Fixed(name, spec, place);
    }

    public void ValidateStatusUpdate(V1PriorityLevelConfiguration next, V1PriorityLevelConfiguration current, FieldErrors errors) =>
        FlowControlConditions.Check((next.Status?.Conditions ?? []).Select(c => c.Type), errors.At("status").At("conditions"));

    /// <summary>How much the exempt level lends is up to the cluster's owner; nothing else of the mandatory levels is.</summary>
    private static void Fixed(string name, V1PriorityLevelConfigurationSpec spec, FieldErrors errors)
    {
        if (!Mandatory.TryGetValue(name, out var wanted))
        {
            return;
        }

        if (name == DefaultFlowControl.Exempt)
        {
            if (spec.Type != wanted.Type || spec.Limited is not null)
            {
                errors.Invalid(spec, $"spec of '{name}' except the 'spec.exempt' field must equal the fixed value");
            }
        }
        else if (!ModelEquality.AreSame(spec, wanted))
        {
            errors.Invalid(spec, $"spec of '{name}' must equal the fixed value");
        }
    }

    private static void Shares(int? shares, int? lendable, FieldErrors errors)
    {
        if (shares < 0)
        {
            errors.At("nominalConcurrencyShares").Invalid(shares, "must be a non-negative integer");
        }

        if (lendable is < 0 or > 100)
        {
            errors.At("lendablePercent").Invalid(lendable, "must be between 0 and 100, inclusive");
        }
    }

    private static void Limits(V1LimitedPriorityLevelConfiguration? limited, FieldErrors errors)
    {
        if (limited is null)
        {
            errors.Required("must not be empty when type is Limited");
            return;
        }

        Shares(limited.NominalConcurrencyShares, limited.LendablePercent, errors);
        if (limited.BorrowingLimitPercent < 0)
        {
            errors.At("borrowingLimitPercent").Invalid(limited.BorrowingLimitPercent, "if specified, must be a non-negative integer");
        }

        var (response, place) = (limited.LimitResponse, errors.At("limitResponse"));
        switch (response?.Type)
        {
            case "Reject":
                if (response.Queuing is not null)
                {
                    place.At("queuing").Forbidden("must be nil if limited.limitResponse.type is not Limited");
                }

                break;
            case "Queue" when response.Queuing is { } queuing:
                Queues(queuing.Queues ?? 0, queuing.HandSize ?? 0, queuing.QueueLengthLimit ?? 0, place.At("queuing"));
                break;
            case "Queue":
                place.At("queuing").Required("must not be empty if limited.limitResponse.type is Limited");
                break;
            default:
                place.At("type").NotSupported(response?.Type ?? "", "Queue", "Reject");
                break;
        }
    }

    private static void Queues(int queues, int hand, int length, FieldErrors errors)
    {
        if (length <= 0)
        {
            errors.At("queueLengthLimit").Invalid(length, "must be positive");
        }

        if (queues <= 0)
        {
            errors.At("queues").Invalid(queues, "must be positive");
        }
        else if (queues > MaximumQueues)
        {
            errors.At("queues").Invalid(queues, $"must not be greater than {MaximumQueues}");
        }

        if (hand <= 0)
        {
            errors.At("handSize").Invalid(hand, "must be positive");
        }
        else if (hand > queues)
        {
            errors.At("handSize").Invalid(hand, $"should not be greater than queues ({queues})");
        }
        else if (Bits(queues, hand) > HashBits)
        {
            errors.At("handSize").Invalid(hand, $"required entropy bits of deckSize {queues} and handSize {hand} should not be greater than {HashBits}");
        }
    }

    private static int Bits(int deck, int hand)
    {
        var bits = 0.0;
        for (var i = 0; i < hand && bits <= HashBits; i++)
        {
            bits += Math.Log2(deck - i);
        }

        return (int)Math.Ceiling(bits);
    }
}
