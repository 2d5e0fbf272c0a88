using System.Net;
using GrainKube.Networking.Dns.Wire;

namespace GrainKube.Networking.Dns.Zone;

/// <summary>Finds what a name of the cluster's domain stands for: the Kubernetes DNS specification 1.1.</summary>
internal sealed class ClusterZone(ZoneTable table, string domain)
{
    private readonly string suffix = "." + domain;

    public string Domain { get; } = domain;

    public ZoneTable Table => table;

    /// <summary>Bytes of the domain's name on the wire.</summary>
    public int WireLength { get; } = WireName.Write(domain, stackalloc byte[WireName.MaximumLength]);

    /// <summary>Whether a name (dotted, lower-case) is the domain or below it.</summary>
    public bool Contains(ReadOnlySpan<char> name) => name.EndsWith(suffix) || name.SequenceEqual(Domain);

    /// <summary>What a name for which <see cref="Contains"/> holds stands for.</summary>
    public ZoneMatch Find(ReadOnlySpan<char> name)
    {
        if (name.Length == Domain.Length)
        {
            return new ZoneMatch { Kind = ZoneMatchKind.Apex };
        }

        var rest = name[..^suffix.Length];
        return CutLast(ref rest) switch
        {
            "svc" => FindService(rest),
            "pod" => FindPod(rest),
            "dns-version" when rest.IsEmpty => new ZoneMatch { Kind = ZoneMatchKind.Version },

            // The name server of the start of authority: its address is found at the address that was asked.
            "dns" when rest.IsEmpty => new ZoneMatch { Kind = ZoneMatchKind.Branch },
            _ => default,
        };
    }

    private ZoneMatch FindService(ReadOnlySpan<char> rest)
    {
        if (rest.IsEmpty)
        {
            return new ZoneMatch { Kind = ZoneMatchKind.Branch };
        }

        var key = rest;
        var ns = CutLast(ref rest);
        if (rest.IsEmpty)
        {
            return new ZoneMatch { Kind = table.HasNamespace(ns) ? ZoneMatchKind.Branch : ZoneMatchKind.Missing };
        }

        var service = CutLast(ref rest);
        if (!table.TryFind(key[^(service.Length + ns.Length + 1)..], out var entry) || !entry.Exists)
        {
            return default;
        }

        if (rest.IsEmpty)
        {
            return new ZoneMatch { Kind = ZoneMatchKind.Service, Service = entry };
        }

        var label = CutLast(ref rest);
        if (label is not ['_', ..])
        {
            return rest.IsEmpty && HasEndpoint(entry, label) ? new ZoneMatch { Kind = ZoneMatchKind.Endpoint, Service = entry, Label = label } : default;
        }

        var protocol = label[1..];
        if (rest.IsEmpty)
        {
            return new ZoneMatch { Kind = HasPort(entry, default, protocol, anyName: true) ? ZoneMatchKind.Branch : ZoneMatchKind.Missing };
        }

        return rest is ['_', .. var port] && !port.Contains('.') && HasPort(entry, port, protocol, anyName: false)
            ? new ZoneMatch { Kind = ZoneMatchKind.Service, Service = entry, IsPort = true, Port = port, Protocol = protocol }
            : default;
    }

    private ZoneMatch FindPod(ReadOnlySpan<char> rest)
    {
        if (rest.IsEmpty)
        {
            return new ZoneMatch { Kind = ZoneMatchKind.Branch };
        }

        if (!table.HasNamespace(CutLast(ref rest)))
        {
            return default;
        }

        Span<byte> address = stackalloc byte[16];
        return rest.IsEmpty ? new ZoneMatch { Kind = ZoneMatchKind.Branch }
            : TryReadDashed(rest, address, out _) ? new ZoneMatch { Kind = ZoneMatchKind.Pod, Label = rest }
            : default;
    }

    /// <summary>Reads an address that was written with dashes.</summary>
    public static bool TryReadDashed(ReadOnlySpan<char> text, Span<byte> bytes, out int length)
    {
        length = 0;
        Span<char> plain = stackalloc char[WireName.MaximumLength];
        text.CopyTo(plain);
        plain = plain[..text.Length];
        if (text.Contains('.') || text.Contains(':') || text.Contains('%'))
        {
            return false;
        }

        var four = text.Count('-') == 3 && text.IndexOfAnyExcept("0123456789-") < 0 && !text.Contains("--", StringComparison.Ordinal);
        plain.Replace('-', four ? '.' : ':');
        return (four || text.Contains('-')) && IPAddress.TryParse(plain, out var address) && address.TryWriteBytes(bytes, out length);
    }

    private static bool HasEndpoint(ServiceEntry entry, ReadOnlySpan<char> label)
    {
        foreach (var endpoint in entry.Endpoints)
        {
            if (label.SequenceEqual(endpoint.Label))
            {
                return true;
            }
        }

        return false;
    }

    private static bool HasPort(ServiceEntry entry, ReadOnlySpan<char> name, ReadOnlySpan<char> protocol, bool anyName)
    {
        foreach (var port in entry.Ports)
        {
            if (Matches(port, name, protocol, anyName))
            {
                return true;
            }
        }

        foreach (var endpoint in entry.Headless ? entry.Endpoints : [])
        {
            foreach (var port in endpoint.Ports)
            {
                if (Matches(port, name, protocol, anyName))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static bool Matches(PortEntry port, ReadOnlySpan<char> name, ReadOnlySpan<char> protocol, bool anyName) =>
        protocol.SequenceEqual(port.Protocol) && (anyName || (name.Length > 0 && name.SequenceEqual(port.Name)));

    private static ReadOnlySpan<char> CutLast(scoped ref ReadOnlySpan<char> name)
    {
        var dot = name.LastIndexOf('.');
        var last = name[(dot + 1)..];
        name = dot < 0 ? [] : name[..dot];
        return last;
    }
}
