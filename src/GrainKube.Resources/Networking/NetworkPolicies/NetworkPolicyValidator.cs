using System.Globalization;
using System.Net;
using GrainKube.ApiMachinery.Validation;
using k8s.Models;

namespace GrainKube.Resources.Networking.NetworkPolicies;

internal sealed class NetworkPolicyValidator : IValidator<V1NetworkPolicy>
{
    private static readonly string[] Protocols = ["TCP", "UDP", "SCTP"];
    private static readonly string[] Types = ["Ingress", "Egress"];

    public void Validate(V1NetworkPolicy item, FieldErrors errors) => Check(item.Spec ?? new V1NetworkPolicySpec(), [], errors.At("spec"));

    /// <summary>An address block that was accepted once stays acceptable, wherever the change moves it.</summary>
    public void ValidateUpdate(V1NetworkPolicy next, V1NetworkPolicy current, FieldErrors errors)
    {
        var known = (current.Spec?.Ingress ?? []).SelectMany(r => r.FromProperty ?? []).Concat((current.Spec?.Egress ?? []).SelectMany(r => r.To ?? []))
            .Where(p => p.IpBlock is not null).SelectMany(p => (p.IpBlock.Except ?? []).Append(p.IpBlock.Cidr ?? ""));
        Check(next.Spec ?? new V1NetworkPolicySpec(), [.. known], errors.At("spec"));
    }

    public void Warn(V1NetworkPolicy next, V1NetworkPolicy? current, IList<string> warnings)
    {
        for (var i = 0; i < next.Spec?.Ingress?.Count; i++)
        {
            Warn(next.Spec.Ingress[i].FromProperty, $"spec.ingress[{i}].from", warnings);
        }

        for (var i = 0; i < next.Spec?.Egress?.Count; i++)
        {
            Warn(next.Spec.Egress[i].To, $"spec.egress[{i}].to", warnings);
        }
    }

    private static void Warn(IList<V1NetworkPolicyPeer>? peers, string path, IList<string> warnings)
    {
        for (var i = 0; i < peers?.Count; i++)
        {
            AddressWarnings.Block(peers[i].IpBlock?.Cidr, $"{path}[{i}].ipBlock.cidr", warnings);
            AddressWarnings.Blocks(peers[i].IpBlock?.Except, $"{path}[{i}].ipBlock.except", warnings);
        }
    }

    private static void Check(V1NetworkPolicySpec spec, HashSet<string> known, FieldErrors errors)
    {
        LabelSelectorRules.Check(spec.PodSelector, errors.At("podSelector"));
        for (var i = 0; i < spec.Ingress?.Count; i++)
        {
            var place = errors.At("ingress").At(i);
            Ports(spec.Ingress[i].Ports, place.At("ports"));
            Peers(spec.Ingress[i].FromProperty, known, place.At("from"));
        }

        for (var i = 0; i < spec.Egress?.Count; i++)
        {
            var place = errors.At("egress").At(i);
            Ports(spec.Egress[i].Ports, place.At("ports"));
            Peers(spec.Egress[i].To, known, place.At("to"));
        }

        if (spec.PolicyTypes is { Count: > 2 })
        {
            errors.At("policyTypes").Invalid(spec.PolicyTypes, "may not specify more than two policyTypes");
            return;
        }

        for (var i = 0; i < spec.PolicyTypes?.Count; i++)
        {
            errors.At("policyTypes").At(i).OneOf(spec.PolicyTypes[i], Types);
        }
    }

    private static void Ports(IList<V1NetworkPolicyPort>? ports, FieldErrors errors)
    {
        for (var i = 0; i < ports?.Count; i++)
        {
            var (port, place) = (ports[i], errors.At(i));
            place.At("protocol").OneOf(port.Protocol, Protocols);
            var end = place.At("endPort");
            if (port.Port?.Value is not { } text)
            {
                if (port.EndPort is not null)
                {
                    end.Invalid(port.EndPort, "may not be specified when `port` is not specified");
                }
            }
            else if (!int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
            {
                if (port.EndPort is not null)
                {
                    end.Invalid(port.EndPort, "may not be specified when `port` is non-numeric");
                }

                place.At("port").Report(text, NameRules.PortName(text));
            }
            else
            {
                place.At("port").Report(number, NameRules.PortNumber(number));
                if (port.EndPort < number)
                {
                    end.Invalid(port.EndPort, "must be greater than or equal to `port`");
                }

                if (port.EndPort is { } last)
                {
                    end.Report(last, NameRules.PortNumber(last));
                }
            }
        }
    }

    private static void Peers(IList<V1NetworkPolicyPeer>? peers, HashSet<string> known, FieldErrors errors)
    {
        for (var i = 0; i < peers?.Count; i++)
        {
            var (peer, place) = (peers[i], errors.At(i));
            LabelSelectorRules.Check(peer.PodSelector, place.At("podSelector"));
            LabelSelectorRules.Check(peer.NamespaceSelector, place.At("namespaceSelector"));
            if (peer.IpBlock is { } block)
            {
                Block(block, known, place.At("ipBlock"));
            }

            switch (peer.IpBlock, peer.PodSelector ?? (object?)peer.NamespaceSelector)
            {
                case (null, null):
                    place.Required("must specify a peer");
                    break;
                case (not null, not null):
                    place.Forbidden("may not specify both ipBlock and another peer");
                    break;
            }
        }
    }

    private static void Block(V1IPBlock block, HashSet<string> known, FieldErrors errors)
    {
        if (string.IsNullOrEmpty(block.Cidr))
        {
            errors.At("cidr").Required();
            return;
        }

        if (!IsCidr(block.Cidr, known, errors.At("cidr"), out var whole))
        {
            return;
        }

        for (var i = 0; i < block.Except?.Count; i++)
        {
            var place = errors.At("except").At(i);
            if (IsCidr(block.Except[i], known, place, out var part) && (!whole.Contains(part.BaseAddress) || whole.PrefixLength >= part.PrefixLength))
            {
                place.Invalid(block.Except[i], "must be a strict subset of `cidr`");
            }
        }
    }

    private static bool IsCidr(string text, HashSet<string> known, FieldErrors errors, out IPNetwork block)
    {
        if (!known.Contains(text))
        {
            errors.Report(text, NameRules.Cidr(text));
        }

        return IPNetwork.TryParse(text, out block);
    }
}
