using GrainKube.Networking.Dns.Wire;

namespace GrainKube.Networking.Dns.Zone;

/// <summary>Writes the records of the cluster's zone.</summary>
internal sealed class ZoneAnswers(ClusterZone zone, uint ttl)
{
    private const int QuestionName = Query.HeaderLength;
    private const int LastPointer = 0x3FFF;
    private const int LongestChain = 8;
    private int turn;

    /// <summary>Answers a question about the zone into <paramref name="writer"/>.</summary>
    /// <param name="query">The question.</param>
    /// <param name="name">Its name, dotted and lower-case; in the zone.</param>
    /// <param name="writer">Takes the records.</param>
    /// <param name="elsewhere">A name outside the zone that the answer leads to and whose addresses are still wanted; otherwise null.</param>
    public ResponseCode Write(in Query query, scoped ReadOnlySpan<char> name, ref ResponseWriter writer, out string? elsewhere)
    {
        elsewhere = null;
        var owner = QuestionName;
        for (var steps = 0; steps < LongestChain; steps++)
        {
            var match = zone.Find(name);
            if (match.Kind == ZoneMatchKind.Missing)
            {
                WriteProof(query, ref writer);
                return ResponseCode.NoSuchName;
            }

            if (match is not { Kind: ZoneMatchKind.Service, Service: { ExternalName: { Length: > 0 } target }, IsPort: false })
            {
                Records(match, query.Type, owner, ref writer);
                break;
            }

            owner = writer.Name(owner, RecordType.Cname, target, ttl);
            if (query.Type is not (RecordType.A or RecordType.Aaaa) || owner is < 0 or > LastPointer)
            {
                break;
            }

            if (!zone.Contains(target))
            {
                elsewhere = target;
                break;
            }

            name = target;
        }

        if (writer.Answers == 0 && !writer.IsTruncated)
        {
            WriteProof(query, ref writer);
        }

        return ResponseCode.NoError;
    }

    /// <summary>The names of an address.</summary>
    public void WriteReverse(in Query query, string[] names, ref ResponseWriter writer)
    {
        if (query.Type is RecordType.Ptr or RecordType.Any)
        {
            foreach (var name in names)
            {
                writer.Name(QuestionName, RecordType.Ptr, name, ttl);
            }
        }
    }

    private void WriteProof(in Query query, ref ResponseWriter writer) => writer.Soa(Apex(query), zone.Domain, zone.Table.Serial, ttl, authority: true);

    private int Apex(in Query query) => QuestionName + query.Name.Length - zone.WireLength;

    private void Records(scoped ZoneMatch match, RecordType type, int owner, ref ResponseWriter writer)
    {
        switch (match.Kind)
        {
            case ZoneMatchKind.Apex when type is RecordType.Soa or RecordType.Any:
                writer.Soa(owner, zone.Domain, zone.Table.Serial, ttl, authority: false);
                break;
            case ZoneMatchKind.Apex when type == RecordType.Ns:
                writer.Name(owner, RecordType.Ns, $"ns.dns.{zone.Domain}", ttl);
                break;
            case ZoneMatchKind.Version when type is RecordType.Txt or RecordType.Any:
                writer.Text(owner, "1.1.0"u8, ttl);
                break;
            case ZoneMatchKind.Pod:
                Span<byte> address = stackalloc byte[16];
                ClusterZone.TryReadDashed(match.Label, address, out var length);
                WriteAddress(address[..length], type, owner, ref writer);
                break;
            case ZoneMatchKind.Endpoint:
                Endpoint(match, type, owner, ref writer);
                break;
            case ZoneMatchKind.Service when type == RecordType.Srv:
                Ports(match, owner, ref writer);
                break;
            case ZoneMatchKind.Service when !match.IsPort:
                Addresses(match.Service!, type, owner, ref writer);
                break;
        }
    }

    private void Addresses(ServiceEntry service, RecordType type, int owner, ref ResponseWriter writer)
    {
        // Each answer begins with another one, so that clients that take the first do not all take the same.
        var first = (uint)Interlocked.Increment(ref turn);
        if (type is RecordType.A or RecordType.Any)
        {
            for (var i = 0; i < service.Addresses4.Length; i++)
            {
                writer.Address(owner, service.Addresses4[(first + (uint)i) % service.Addresses4.Length], ttl);
            }
        }

        if (type is RecordType.Aaaa or RecordType.Any)
        {
            for (var i = 0; i < service.Addresses6.Length; i++)
            {
                writer.Address(owner, service.Addresses6[(first + (uint)i) % service.Addresses6.Length], ttl);
            }
        }
    }

    private void Endpoint(scoped ZoneMatch match, RecordType type, int owner, ref ResponseWriter writer)
    {
        foreach (var endpoint in match.Service!.Endpoints)
        {
            if (!match.Label.SequenceEqual(endpoint.Label))
            {
                continue;
            }

            if (type == RecordType.Srv)
            {
                foreach (var port in endpoint.Ports)
                {
                    Srv(owner, 100, port, endpoint.Label, match.Service.FullName, [endpoint.Address], ref writer);
                }
            }
            else
            {
                WriteAddress(endpoint.Address, type, owner, ref writer);
            }
        }
    }

    private void Ports(scoped ZoneMatch match, int owner, ref ResponseWriter writer)
    {
        var service = match.Service!;
        if (!service.Headless)
        {
            var weight = Weight(CountPorts(service.Ports, match));
            foreach (var port in service.Ports)
            {
                if (IsWanted(port, match))
                {
                    Srv(owner, weight, port, "", service.FullName, [.. service.Addresses4, .. service.Addresses6], ref writer);
                }
            }

            return;
        }

        var count = 0;
        foreach (var endpoint in service.Endpoints)
        {
            count += CountPorts(endpoint.Ports, match);
        }

        foreach (var endpoint in service.Endpoints)
        {
            foreach (var port in endpoint.Ports)
            {
                if (IsWanted(port, match))
                {
                    Srv(owner, Weight(count), port, endpoint.Label, service.FullName, [endpoint.Address], ref writer);
                }
            }
        }
    }

    private void Srv(int owner, int weight, PortEntry port, string label, string target, scoped ReadOnlySpan<byte[]> addresses, ref ResponseWriter writer)
    {
        var at = writer.Srv(owner, weight, port.Number, label, target, ttl);
        if (at is > 0 and <= LastPointer)
        {
            foreach (var address in addresses)
            {
                writer.Defer(at, address, ttl);
            }
        }
    }

    private static int Weight(int count) => Math.Max(1, 100 / Math.Max(1, count));

    private static int CountPorts(PortEntry[] ports, scoped ZoneMatch match)
    {
        var count = 0;
        foreach (var port in ports)
        {
            count += IsWanted(port, match) ? 1 : 0;
        }

        return count;
    }

    private static bool IsWanted(PortEntry port, scoped ZoneMatch match) => !match.IsPort || (match.Port.SequenceEqual(port.Name) && match.Protocol.SequenceEqual(port.Protocol));

    private void WriteAddress(scoped ReadOnlySpan<byte> address, RecordType type, int owner, ref ResponseWriter writer)
    {
        if (type == RecordType.Any || type == (address.Length == 4 ? RecordType.A : RecordType.Aaaa))
        {
            writer.Address(owner, address, ttl);
        }
    }
}
